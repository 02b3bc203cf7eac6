CREATE UNLOGGED TABLE "rate_windows" (
	"workspace_id" text collate "C" NOT NULL,
	"scope" text collate "C" NOT NULL,
	"window_number" bigint NOT NULL,
	"taken" bigint NOT NULL,
	CONSTRAINT "rate_windows_workspace_id_scope_pk" PRIMARY KEY("workspace_id","scope")
);
--> statement-breakpoint
ALTER TABLE "access_keys" ADD COLUMN "limits" jsonb;--> statement-breakpoint
ALTER TABLE "servers" ADD COLUMN "limits" jsonb;--> statement-breakpoint
ALTER TABLE "rate_windows" ADD CONSTRAINT "rate_windows_workspace_id_workspaces_id_fk" FOREIGN KEY ("workspace_id") REFERENCES "public"."workspaces"("id") ON DELETE no action ON UPDATE no action;