CREATE TABLE "access_key_servers" (
	"workspace_id" text collate "C" NOT NULL,
	"access_key_id" text collate "C" NOT NULL,
	"server_id" text collate "C" NOT NULL,
	CONSTRAINT "access_key_servers_workspace_id_access_key_id_server_id_pk" PRIMARY KEY("workspace_id","access_key_id","server_id")
);
--> statement-breakpoint
CREATE TABLE "access_keys" (
	"workspace_id" text collate "C" NOT NULL,
	"id" text collate "C" NOT NULL,
	"name" text collate "C" NOT NULL,
	"key_hash" text collate "C" NOT NULL,
	"prefix" text collate "C" NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"expires_at" timestamp (3) with time zone,
	"revoked_at" timestamp (3) with time zone,
	CONSTRAINT "access_keys_workspace_id_id_pk" PRIMARY KEY("workspace_id","id"),
	CONSTRAINT "access_keys_key_hash_unique" UNIQUE("key_hash")
);
--> statement-breakpoint
CREATE TABLE "admin_keys" (
	"workspace_id" text collate "C" NOT NULL,
	"id" text collate "C" NOT NULL,
	"name" text collate "C" NOT NULL,
	"role" text collate "C" NOT NULL,
	"key_hash" text collate "C" NOT NULL,
	"prefix" text collate "C" NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"revoked_at" timestamp (3) with time zone,
	CONSTRAINT "admin_keys_workspace_id_id_pk" PRIMARY KEY("workspace_id","id"),
	CONSTRAINT "admin_keys_key_hash_unique" UNIQUE("key_hash")
);
--> statement-breakpoint
CREATE TABLE "audit_events" (
	"workspace_id" text collate "C" NOT NULL,
	"id" text collate "C" NOT NULL,
	"at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"actor" text collate "C" NOT NULL,
	"action" text collate "C" NOT NULL,
	"target" text collate "C" NOT NULL,
	"before" jsonb,
	"after" jsonb,
	CONSTRAINT "audit_events_workspace_id_id_pk" PRIMARY KEY("workspace_id","id")
);
--> statement-breakpoint
CREATE TABLE "credentials" (
	"workspace_id" text collate "C" NOT NULL,
	"id" text collate "C" NOT NULL,
	"upstream_id" text collate "C" NOT NULL,
	"scheme" text collate "C" NOT NULL,
	"subject" text collate "C" DEFAULT 'shared' NOT NULL,
	"origins" jsonb NOT NULL,
	"secret_id" text collate "C" NOT NULL,
	CONSTRAINT "credentials_workspace_id_id_pk" PRIMARY KEY("workspace_id","id"),
	CONSTRAINT "credentials_scheme" UNIQUE("workspace_id","upstream_id","scheme","subject")
);
--> statement-breakpoint
CREATE TABLE "operation_versions" (
	"workspace_id" text collate "C" NOT NULL,
	"id" text collate "C" NOT NULL,
	"operation_id" text collate "C" NOT NULL,
	"content_hash" text collate "C" NOT NULL,
	"spec_revision_id" text collate "C" NOT NULL,
	"title" text collate "C" NOT NULL,
	"definition" text collate "C" NOT NULL,
	"tokens" integer NOT NULL,
	"tags" jsonb NOT NULL,
	CONSTRAINT "operation_versions_workspace_id_id_pk" PRIMARY KEY("workspace_id","id"),
	CONSTRAINT "operation_versions_content" UNIQUE("workspace_id","operation_id","content_hash")
);
--> statement-breakpoint
CREATE TABLE "operations" (
	"workspace_id" text collate "C" NOT NULL,
	"id" text collate "C" NOT NULL,
	"upstream_id" text collate "C" NOT NULL,
	"method" text collate "C" NOT NULL,
	"path" text collate "C" NOT NULL,
	"origin" text collate "C" NOT NULL,
	"removed_at" timestamp (3) with time zone,
	CONSTRAINT "operations_workspace_id_id_pk" PRIMARY KEY("workspace_id","id"),
	CONSTRAINT "operations_path" UNIQUE("workspace_id","upstream_id","method","path")
);
--> statement-breakpoint
CREATE TABLE "secrets" (
	"workspace_id" text collate "C" NOT NULL,
	"id" text collate "C" NOT NULL,
	"key_id" text collate "C" NOT NULL,
	"sealed" text collate "C" NOT NULL,
	CONSTRAINT "secrets_workspace_id_id_pk" PRIMARY KEY("workspace_id","id")
);
--> statement-breakpoint
CREATE TABLE "server_tools" (
	"workspace_id" text collate "C" NOT NULL,
	"server_id" text collate "C" NOT NULL,
	"tool_id" text collate "C" NOT NULL,
	"alias" text collate "C",
	CONSTRAINT "server_tools_workspace_id_server_id_tool_id_pk" PRIMARY KEY("workspace_id","server_id","tool_id")
);
--> statement-breakpoint
CREATE TABLE "servers" (
	"workspace_id" text collate "C" NOT NULL,
	"id" text collate "C" NOT NULL,
	"slug" text collate "C" NOT NULL,
	"name" text collate "C" NOT NULL,
	"mode" text collate "C" DEFAULT 'direct' NOT NULL,
	"instructions" text collate "C" DEFAULT '' NOT NULL,
	"revision" bigint DEFAULT 0 NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "servers_workspace_id_id_pk" PRIMARY KEY("workspace_id","id"),
	CONSTRAINT "servers_slug_unique" UNIQUE("slug")
);
--> statement-breakpoint
CREATE TABLE "spec_revisions" (
	"workspace_id" text collate "C" NOT NULL,
	"id" text collate "C" NOT NULL,
	"upstream_id" text collate "C" NOT NULL,
	"source_url" text collate "C",
	"received" text collate "C" NOT NULL,
	"content_hash" text collate "C" NOT NULL,
	"declared_version" text collate "C" NOT NULL,
	"diagnostics" jsonb NOT NULL,
	"coverage" jsonb NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "spec_revisions_workspace_id_id_pk" PRIMARY KEY("workspace_id","id")
);
--> statement-breakpoint
CREATE TABLE "tools" (
	"workspace_id" text collate "C" NOT NULL,
	"id" text collate "C" NOT NULL,
	"upstream_id" text collate "C" NOT NULL,
	"operation_id" text collate "C" NOT NULL,
	"operation_version_id" text collate "C" NOT NULL,
	"name" text collate "C" NOT NULL,
	"title" text collate "C",
	"description" text collate "C",
	"enabled" boolean NOT NULL,
	"response_filter" text collate "C",
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "tools_workspace_id_id_pk" PRIMARY KEY("workspace_id","id"),
	CONSTRAINT "tools_name" UNIQUE("workspace_id","upstream_id","name")
);
--> statement-breakpoint
CREATE TABLE "upstreams" (
	"workspace_id" text collate "C" NOT NULL,
	"id" text collate "C" NOT NULL,
	"slug" text collate "C" NOT NULL,
	"name" text collate "C" NOT NULL,
	"base_url" text collate "C" NOT NULL,
	"security_schemes" jsonb NOT NULL,
	"allow" jsonb NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "upstreams_workspace_id_id_pk" PRIMARY KEY("workspace_id","id"),
	CONSTRAINT "upstreams_slug" UNIQUE("workspace_id","slug")
);
--> statement-breakpoint
CREATE TABLE "workspaces" (
	"id" text collate "C" PRIMARY KEY NOT NULL,
	"name" text collate "C" NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
ALTER TABLE "access_key_servers" ADD CONSTRAINT "access_key_servers_access_key" FOREIGN KEY ("workspace_id","access_key_id") REFERENCES "public"."access_keys"("workspace_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "access_key_servers" ADD CONSTRAINT "access_key_servers_server" FOREIGN KEY ("workspace_id","server_id") REFERENCES "public"."servers"("workspace_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "access_keys" ADD CONSTRAINT "access_keys_workspace_id_workspaces_id_fk" FOREIGN KEY ("workspace_id") REFERENCES "public"."workspaces"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "admin_keys" ADD CONSTRAINT "admin_keys_workspace_id_workspaces_id_fk" FOREIGN KEY ("workspace_id") REFERENCES "public"."workspaces"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "audit_events" ADD CONSTRAINT "audit_events_workspace_id_workspaces_id_fk" FOREIGN KEY ("workspace_id") REFERENCES "public"."workspaces"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "credentials" ADD CONSTRAINT "credentials_upstream" FOREIGN KEY ("workspace_id","upstream_id") REFERENCES "public"."upstreams"("workspace_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "credentials" ADD CONSTRAINT "credentials_secret" FOREIGN KEY ("workspace_id","secret_id") REFERENCES "public"."secrets"("workspace_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "operation_versions" ADD CONSTRAINT "operation_versions_operation" FOREIGN KEY ("workspace_id","operation_id") REFERENCES "public"."operations"("workspace_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "operation_versions" ADD CONSTRAINT "operation_versions_spec_revision" FOREIGN KEY ("workspace_id","spec_revision_id") REFERENCES "public"."spec_revisions"("workspace_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "operations" ADD CONSTRAINT "operations_upstream" FOREIGN KEY ("workspace_id","upstream_id") REFERENCES "public"."upstreams"("workspace_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "secrets" ADD CONSTRAINT "secrets_workspace_id_workspaces_id_fk" FOREIGN KEY ("workspace_id") REFERENCES "public"."workspaces"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "server_tools" ADD CONSTRAINT "server_tools_server" FOREIGN KEY ("workspace_id","server_id") REFERENCES "public"."servers"("workspace_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "server_tools" ADD CONSTRAINT "server_tools_tool" FOREIGN KEY ("workspace_id","tool_id") REFERENCES "public"."tools"("workspace_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "servers" ADD CONSTRAINT "servers_workspace_id_workspaces_id_fk" FOREIGN KEY ("workspace_id") REFERENCES "public"."workspaces"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "spec_revisions" ADD CONSTRAINT "spec_revisions_upstream" FOREIGN KEY ("workspace_id","upstream_id") REFERENCES "public"."upstreams"("workspace_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "tools" ADD CONSTRAINT "tools_upstream" FOREIGN KEY ("workspace_id","upstream_id") REFERENCES "public"."upstreams"("workspace_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "tools" ADD CONSTRAINT "tools_operation" FOREIGN KEY ("workspace_id","operation_id") REFERENCES "public"."operations"("workspace_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "tools" ADD CONSTRAINT "tools_operation_version" FOREIGN KEY ("workspace_id","operation_version_id") REFERENCES "public"."operation_versions"("workspace_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "upstreams" ADD CONSTRAINT "upstreams_workspace_id_workspaces_id_fk" FOREIGN KEY ("workspace_id") REFERENCES "public"."workspaces"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "access_key_servers_server" ON "access_key_servers" USING btree ("workspace_id","server_id");--> statement-breakpoint
CREATE INDEX "audit_events_at" ON "audit_events" USING btree ("workspace_id","at");--> statement-breakpoint
CREATE INDEX "server_tools_tool" ON "server_tools" USING btree ("workspace_id","tool_id");--> statement-breakpoint
CREATE INDEX "spec_revisions_latest" ON "spec_revisions" USING btree ("workspace_id","upstream_id","created_at");--> statement-breakpoint
CREATE INDEX "tools_operation" ON "tools" USING btree ("workspace_id","operation_id");--> statement-breakpoint
CREATE INDEX "tools_operation_version" ON "tools" USING btree ("workspace_id","operation_version_id");