CREATE TABLE "issuer_servers" (
	"workspace_id" text collate "C" NOT NULL,
	"issuer_id" text collate "C" NOT NULL,
	"server_id" text collate "C" NOT NULL,
	CONSTRAINT "issuer_servers_workspace_id_issuer_id_server_id_pk" PRIMARY KEY("workspace_id","issuer_id","server_id")
);
--> statement-breakpoint
CREATE TABLE "issuers" (
	"workspace_id" text collate "C" NOT NULL,
	"id" text collate "C" NOT NULL,
	"name" text collate "C" NOT NULL,
	"issuer" text collate "C" NOT NULL,
	"jwks_uri" text collate "C",
	"audiences" jsonb NOT NULL,
	"algorithms" jsonb NOT NULL,
	"rules" jsonb NOT NULL,
	"allow" jsonb NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "issuers_workspace_id_id_pk" PRIMARY KEY("workspace_id","id")
);
--> statement-breakpoint
ALTER TABLE "issuer_servers" ADD CONSTRAINT "issuer_servers_issuer" FOREIGN KEY ("workspace_id","issuer_id") REFERENCES "public"."issuers"("workspace_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "issuer_servers" ADD CONSTRAINT "issuer_servers_server" FOREIGN KEY ("workspace_id","server_id") REFERENCES "public"."servers"("workspace_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "issuers" ADD CONSTRAINT "issuers_workspace_id_workspaces_id_fk" FOREIGN KEY ("workspace_id") REFERENCES "public"."workspaces"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "issuer_servers_server" ON "issuer_servers" USING btree ("workspace_id","server_id");