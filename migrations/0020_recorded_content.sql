ALTER TABLE "recorded_calls" ADD COLUMN "arguments" text collate "C";--> statement-breakpoint
ALTER TABLE "recorded_calls" ADD COLUMN "answer" text collate "C";--> statement-breakpoint
ALTER TABLE "recorded_calls" ADD COLUMN "answer_type" text collate "C";--> statement-breakpoint
ALTER TABLE "recorded_calls" ADD COLUMN "is_cut" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "servers" ADD COLUMN "record_content" boolean DEFAULT false NOT NULL;