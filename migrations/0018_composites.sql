CREATE TABLE "composites" (
	"workspace_id" text collate "C" NOT NULL,
	"server_id" text collate "C" NOT NULL,
	"name" text collate "C" NOT NULL,
	"id" text collate "C" NOT NULL,
	"content" jsonb NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "composites_workspace_id_server_id_name_pk" PRIMARY KEY("workspace_id","server_id","name")
);
--> statement-breakpoint
ALTER TABLE "composites" ADD CONSTRAINT "composites_server" FOREIGN KEY ("workspace_id","server_id") REFERENCES "public"."servers"("workspace_id","id") ON DELETE cascade ON UPDATE no action;