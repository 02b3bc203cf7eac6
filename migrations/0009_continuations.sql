CREATE UNLOGGED TABLE "continuations" (
	"workspace_id" text collate "C" NOT NULL,
	"id" text collate "C" NOT NULL,
	"caller_id" text collate "C" NOT NULL,
	"key_id" text collate "C" NOT NULL,
	"sealed" text collate "C" NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "continuations_workspace_id_id_pk" PRIMARY KEY("workspace_id","id")
);
--> statement-breakpoint
ALTER TABLE "tools" ADD COLUMN "projection" text collate "C" DEFAULT 'auto' NOT NULL;--> statement-breakpoint
ALTER TABLE "tools" ADD COLUMN "large_answer_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "continuations" ADD CONSTRAINT "continuations_workspace_id_workspaces_id_fk" FOREIGN KEY ("workspace_id") REFERENCES "public"."workspaces"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "continuations_expires_at" ON "continuations" USING btree ("expires_at");--> statement-breakpoint
CREATE INDEX "continuations_caller" ON "continuations" USING btree ("workspace_id","caller_id","expires_at");