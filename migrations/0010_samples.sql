CREATE TABLE "samples" (
	"workspace_id" text collate "C" NOT NULL,
	"tool_id" text collate "C" NOT NULL,
	"name" text collate "C" NOT NULL,
	"status" integer NOT NULL,
	"headers" jsonb NOT NULL,
	"body" text collate "C" NOT NULL,
	"arguments" jsonb NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "samples_workspace_id_tool_id_name_pk" PRIMARY KEY("workspace_id","tool_id","name")
);
--> statement-breakpoint
ALTER TABLE "samples" ADD CONSTRAINT "samples_tool" FOREIGN KEY ("workspace_id","tool_id") REFERENCES "public"."tools"("workspace_id","id") ON DELETE cascade ON UPDATE no action;