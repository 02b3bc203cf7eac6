ALTER TABLE "credentials" ADD COLUMN "token_grant" jsonb;--> statement-breakpoint
ALTER TABLE "credentials" ADD COLUMN "parts" jsonb DEFAULT '{}'::jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "secrets" ADD COLUMN "leased_until" timestamp (3) with time zone;