ALTER TABLE "operations" ADD COLUMN "operation_id" text collate "C";--> statement-breakpoint
ALTER TABLE "tools" ADD COLUMN "pending_version_id" text collate "C";--> statement-breakpoint
ALTER TABLE "tools" ADD COLUMN "pending_note" jsonb;--> statement-breakpoint
ALTER TABLE "upstreams" ADD COLUMN "hold_changes" text collate "C" DEFAULT 'review' NOT NULL;--> statement-breakpoint
ALTER TABLE "upstreams" ADD COLUMN "overlay" text collate "C";--> statement-breakpoint
ALTER TABLE "upstreams" ADD COLUMN "external_refs" jsonb DEFAULT '[]'::jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "upstreams" ADD COLUMN "refresh_url" text collate "C";--> statement-breakpoint
ALTER TABLE "upstreams" ADD COLUMN "refresh_minutes" integer;--> statement-breakpoint
ALTER TABLE "upstreams" ADD COLUMN "refresh_due_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "upstreams" ADD COLUMN "refreshed_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "upstreams" ADD COLUMN "refresh_outcome" text collate "C";--> statement-breakpoint
ALTER TABLE "upstreams" ADD COLUMN "refresh_etag" text collate "C";--> statement-breakpoint
ALTER TABLE "tools" ADD CONSTRAINT "tools_pending_version" FOREIGN KEY ("workspace_id","pending_version_id") REFERENCES "public"."operation_versions"("workspace_id","id") ON DELETE no action ON UPDATE no action;