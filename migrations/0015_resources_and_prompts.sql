CREATE TABLE "prompt_versions" (
	"workspace_id" text collate "C" NOT NULL,
	"server_id" text collate "C" NOT NULL,
	"name" text collate "C" NOT NULL,
	"version" integer NOT NULL,
	"content" jsonb NOT NULL,
	"actor" text collate "C" NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "prompt_versions_workspace_id_server_id_name_version_pk" PRIMARY KEY("workspace_id","server_id","name","version")
);
--> statement-breakpoint
CREATE TABLE "prompts" (
	"workspace_id" text collate "C" NOT NULL,
	"server_id" text collate "C" NOT NULL,
	"name" text collate "C" NOT NULL,
	"current_version" integer NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "prompts_workspace_id_server_id_name_pk" PRIMARY KEY("workspace_id","server_id","name")
);
--> statement-breakpoint
CREATE TABLE "resources" (
	"workspace_id" text collate "C" NOT NULL,
	"server_id" text collate "C" NOT NULL,
	"name" text collate "C" NOT NULL,
	"uri" text collate "C" NOT NULL,
	"title" text collate "C",
	"description" text collate "C",
	"mime_type" text collate "C" NOT NULL,
	"form" text collate "C" NOT NULL,
	"body" text collate "C" NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "resources_workspace_id_server_id_name_pk" PRIMARY KEY("workspace_id","server_id","name"),
	CONSTRAINT "resources_uri" UNIQUE("workspace_id","server_id","uri")
);
--> statement-breakpoint
ALTER TABLE "tools" ADD COLUMN "resource" jsonb;--> statement-breakpoint
ALTER TABLE "prompt_versions" ADD CONSTRAINT "prompt_versions_prompt" FOREIGN KEY ("workspace_id","server_id","name") REFERENCES "public"."prompts"("workspace_id","server_id","name") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "prompts" ADD CONSTRAINT "prompts_server" FOREIGN KEY ("workspace_id","server_id") REFERENCES "public"."servers"("workspace_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "resources" ADD CONSTRAINT "resources_server" FOREIGN KEY ("workspace_id","server_id") REFERENCES "public"."servers"("workspace_id","id") ON DELETE cascade ON UPDATE no action;