CREATE TABLE "idempotency_keys" (
	"workspace_id" text collate "C" NOT NULL,
	"key" text collate "C" NOT NULL,
	"request_hash" text collate "C" NOT NULL,
	"key_id" text collate "C" NOT NULL,
	"sealed" text collate "C" NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "idempotency_keys_workspace_id_key_pk" PRIMARY KEY("workspace_id","key")
);
--> statement-breakpoint
ALTER TABLE "operations" DROP CONSTRAINT "operations_path";--> statement-breakpoint
ALTER TABLE "operation_versions" ALTER COLUMN "spec_revision_id" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "spec_revisions" ALTER COLUMN "received" SET DATA TYPE bytea USING convert_to("received", 'UTF8');--> statement-breakpoint
ALTER TABLE "access_keys" ADD COLUMN "tool_ids" jsonb;--> statement-breakpoint
ALTER TABLE "access_keys" ADD COLUMN "tags" jsonb;--> statement-breakpoint
ALTER TABLE "access_keys" ADD COLUMN "read_only" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "access_keys" ADD COLUMN "last_used_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "credentials" ADD COLUMN "placement" jsonb;--> statement-breakpoint
ALTER TABLE "credentials" ADD COLUMN "updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL;--> statement-breakpoint
ALTER TABLE "secrets" ADD COLUMN "name" text collate "C";--> statement-breakpoint
ALTER TABLE "secrets" ADD COLUMN "origins" jsonb DEFAULT '[]'::jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "secrets" ADD COLUMN "created_at" timestamp (3) with time zone DEFAULT now() NOT NULL;--> statement-breakpoint
ALTER TABLE "secrets" ADD COLUMN "updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL;--> statement-breakpoint
ALTER TABLE "server_tools" ADD COLUMN "unlisted" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "server_tools" ADD COLUMN "pinned" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "tools" ADD COLUMN "argument_edits" jsonb DEFAULT '{}'::jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "tools" ADD COLUMN "tags" jsonb;--> statement-breakpoint
ALTER TABLE "idempotency_keys" ADD CONSTRAINT "idempotency_keys_workspace_id_workspaces_id_fk" FOREIGN KEY ("workspace_id") REFERENCES "public"."workspaces"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "operations" ADD CONSTRAINT "operations_path" UNIQUE("workspace_id","upstream_id","origin","method","path");--> statement-breakpoint
ALTER TABLE "secrets" ADD CONSTRAINT "secrets_name" UNIQUE("workspace_id","name");