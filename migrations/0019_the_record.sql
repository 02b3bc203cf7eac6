CREATE TABLE "dropped_calls" (
	"workspace_id" text collate "C" NOT NULL,
	"id" text collate "C" NOT NULL,
	"at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"calls" bigint NOT NULL,
	CONSTRAINT "dropped_calls_workspace_id_id_pk" PRIMARY KEY("workspace_id","id")
);
--> statement-breakpoint
CREATE TABLE "recorded_calls" (
	"workspace_id" text collate "C" NOT NULL,
	"id" text collate "C" NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"written_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"server" text collate "C" NOT NULL,
	"tool" text collate "C" NOT NULL,
	"tool_id" text collate "C",
	"operation_version" text collate "C",
	"spec_revision" text collate "C",
	"caller_id" text collate "C" NOT NULL,
	"caller" text collate "C" NOT NULL,
	"client" text collate "C" NOT NULL,
	"client_version" text collate "C",
	"road" text collate "C" NOT NULL,
	"parent" text collate "C",
	"outcome" text collate "C" NOT NULL,
	"status" integer,
	"retries" integer NOT NULL,
	"cache" text collate "C",
	"ms" double precision NOT NULL,
	"stages" jsonb NOT NULL,
	"raw_bytes" bigint,
	"bytes" bigint NOT NULL,
	"raw_tokens" integer,
	"sent_tokens" integer,
	"is_reckoned" boolean NOT NULL,
	"trace_id" text collate "C",
	CONSTRAINT "recorded_calls_workspace_id_id_pk" PRIMARY KEY("workspace_id","id")
);
--> statement-breakpoint
CREATE INDEX "dropped_calls_at" ON "dropped_calls" USING btree ("workspace_id","at");--> statement-breakpoint
CREATE INDEX "recorded_calls_at" ON "recorded_calls" USING btree ("workspace_id","at","id");--> statement-breakpoint
CREATE INDEX "recorded_calls_written_at" ON "recorded_calls" USING btree ("written_at");