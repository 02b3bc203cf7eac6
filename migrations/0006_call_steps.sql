ALTER TABLE "tools" ADD COLUMN "steps" jsonb DEFAULT '{}'::jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "upstreams" ADD COLUMN "response_filter" text collate "C";--> statement-breakpoint
ALTER TABLE "upstreams" ADD COLUMN "steps" jsonb DEFAULT '{}'::jsonb NOT NULL;