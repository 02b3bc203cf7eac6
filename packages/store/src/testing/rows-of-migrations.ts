import { type SQL, sql } from 'drizzle-orm'
import { hashKey } from '../keys.ts'
import { operation, sealer, textOf } from './examples.ts'

export const DOCUMENT = 'openapi: 3.1.0 # größer, 书, \\x41 \\\\ \u{1F4D6}\n'
export const DEFINITION = textOf(operation('list_books', 'größer, \\x41 "so"\n\u{1F4D6}').definition)

/** One row in each table of the first migration. */
export function firstRows(): SQL[] {
  const { keyId, sealed } = sealer.seal('ws_1', 'sec_1', 'the secret')
  const scheme = JSON.stringify({ token: { type: 'http', scheme: 'bearer' } })
  return [
    sql`insert into workspaces (id, name) values ('ws_1', 'Old')`,
    sql`insert into admin_keys (workspace_id, id, name, role, key_hash, prefix)
      values ('ws_1', 'ak_1', 'Ada', 'owner', ${hashKey('sla_old')}, 'sla_old')`,
    sql`insert into upstreams (workspace_id, id, slug, name, base_url, security_schemes, allow)
      values ('ws_1', 'up_1', 'books', 'Books', 'https://api.example.com', ${scheme}, '["10.0.0.0/8"]')`,
    sql`insert into secrets (workspace_id, id, key_id, sealed) values ('ws_1', 'sec_1', ${keyId}, ${sealed})`,
    sql`insert into credentials (workspace_id, id, upstream_id, scheme, origins, secret_id)
      values ('ws_1', 'cred_1', 'up_1', 'token', '["https://api.example.com"]', 'sec_1')`,
    sql`insert into spec_revisions
      (workspace_id, id, upstream_id, received, content_hash, declared_version, diagnostics, coverage)
      values ('ws_1', 'rev_1', 'up_1', ${DOCUMENT}, 'hash', '3.1.0', '[]', '{"operations": 1}')`,
    sql`insert into operations (workspace_id, id, upstream_id, method, path, origin)
      values ('ws_1', 'op_1', 'up_1', 'GET', '/list_books', 'spec')`,
    sql`insert into operation_versions
      (workspace_id, id, operation_id, content_hash, spec_revision_id, title, definition, tokens, tags)
      values ('ws_1', 'ver_1', 'op_1', 'hash', 'rev_1', 'List books', ${DEFINITION}, 50, '["books"]')`,
    sql`insert into tools
      (workspace_id, id, upstream_id, operation_id, operation_version_id, name, description, enabled, response_filter)
      values ('ws_1', 'tool_1', 'up_1', 'op_1', 'ver_1', 'books', 'By hand', true, 'items')`,
    sql`insert into servers (workspace_id, id, slug, name, revision) values ('ws_1', 'srv_1', 'books', 'Books', 7)`,
    sql`insert into server_tools (workspace_id, server_id, tool_id, alias) values ('ws_1', 'srv_1', 'tool_1', 'find')`,
    sql`insert into access_keys (workspace_id, id, name, key_hash, prefix)
      values ('ws_1', 'key_1', 'Claude', ${hashKey('slk_old')}, 'slk_old')`,
    sql`insert into access_key_servers (workspace_id, access_key_id, server_id) values ('ws_1', 'key_1', 'srv_1')`,
    sql`insert into audit_events (workspace_id, id, actor, action, target, after)
      values ('ws_1', 'aud_1', 'ak_1', 'tool.update', 'tool_1', '{"enabled": true}')`,
  ]
}

/** What could be stored for the first time with each later migration, in tables and columns that it made. */
export const LATER_ROWS: readonly (readonly SQL[])[] = [
  // 0001: what the admin API sets.
  [
    sql`insert into idempotency_keys (workspace_id, key, request_hash, key_id, sealed)
      values ('ws_1', 'once', 'hash', 'k', 'sealed')`,
    sql`update access_keys set tool_ids = '["tool_1"]', tags = '["books"]', read_only = true, last_used_at = now()`,
    sql`update credentials set placement = '{"in": "header"}', updated_at = '2026-01-02'`,
    sql`insert into secrets (workspace_id, id, key_id, sealed, name, origins, created_at, updated_at)
      values ('ws_1', 'sec_2', 'k', 'sealed', 'named', '["https://a.test"]', '2026-01-02', '2026-01-03')`,
    sql`update server_tools set unlisted = true, pinned = true`,
    sql`update tools set argument_edits = '{"limit": {"hidden": true}}', tags = '["mine"]'`,
    sql`insert into operation_versions (workspace_id, id, operation_id, content_hash, title, definition, tokens, tags)
      values ('ws_1', 'ver_2', 'op_1', 'other', 'By hand', ${DEFINITION}, 40, '[]')`,
  ],
  [
    sql`insert into installation_events (id, actor, action, target, after)
      values ('iev_1', 'installation', 'workspace.create', 'ws_1', '{"name": "Old"}')`,
  ],
  [
    sql`update operations set operation_id = 'listBooks'`,
    sql`update tools set pending_version_id = 'ver_2', pending_note = '{"changes": []}'`,
    sql`update upstreams set hold_changes = 'never', overlay = 'overlay: 1.0.0', external_refs = '["https://a.test"]',
      refresh_url = 'https://a.test/x', refresh_minutes = 60, refresh_due_at = now(), refreshed_at = now(),
      refresh_outcome = 'changed', refresh_etag = '"1"'`,
  ],
  [sql`update upstreams set fetch_secret_id = 'sec_2'`],
  [
    sql`update credentials set token_grant = '{"grant": "client-credentials"}', parts = '{"client": "me"}'`,
    sql`update secrets set leased_until = now()`,
  ],
  [
    sql`update tools set steps = '{"requestInterceptor": "return request"}'`,
    sql`update upstreams set response_filter = 'items', steps = '{"redaction": {"fields": ["ssn"]}}'`,
  ],
  [sql`update upstreams set policy = '{"followRedirects": true}'`],
  [sql`update tools set cache = '{"seconds": 60}'`],
  [
    sql`insert into continuations (workspace_id, id, caller_id, key_id, sealed, expires_at)
      values ('ws_1', 'con_1', 'key_1', 'k', 'sealed', now())`,
    sql`update tools set projection = 'off', large_answer_at = now()`,
  ],
  [
    sql`insert into samples (workspace_id, tool_id, name, status, headers, body, arguments, updated_at)
      values ('ws_1', 'tool_1', 'usual', 200, '[]', '{"größer": 1}', '{"limit": 2}', now())`,
  ],
  [sql`update tools set structured_content = true`],
  [
    sql`insert into issuers (workspace_id, id, name, issuer, jwks_uri, audiences, algorithms, rules, allow)
      values ('ws_1', 'iss_1', 'Ours', 'https://a.test', 'https://a.test/keys', '["a"]', '["ES256"]', '[]', '[]')`,
    sql`insert into issuer_servers (workspace_id, issuer_id, server_id) values ('ws_1', 'iss_1', 'srv_1')`,
  ],
  [
    sql`update access_keys set limits = '{"callsPerMinute": 5}'`,
    sql`update servers set limits = '{"callsPerMinute": 50}'`,
    sql`insert into rate_windows (workspace_id, scope, window_number, taken) values ('ws_1', 'key_1', 9007199254740993, 3)`,
  ],
  [sql`update tools set annotations = '{"readOnlyHint": false}'`],
  [
    sql`insert into prompts (workspace_id, server_id, name, current_version, updated_at)
      values ('ws_1', 'srv_1', 'greet', 1, now())`,
    sql`insert into prompt_versions (workspace_id, server_id, name, version, content, actor, created_at)
      values ('ws_1', 'srv_1', 'greet', 1, '{"messages": []}', 'ak_1', now())`,
    sql`insert into resources (workspace_id, server_id, name, uri, title, description, mime_type, form, body, updated_at)
      values ('ws_1', 'srv_1', 'terms', 'sluice://terms', 'Terms', 'All', 'text/plain', 'text', 'größer', now())`,
    sql`update tools set resource = '{"uri": "books://{id}"}'`,
  ],
  [sql`insert into servers (workspace_id, id, slug, name) values ('ws_1', 'srv_2', 'auto', 'Auto')`],
  [sql`update servers set code_calls = 'all'`],
  [
    sql`insert into composites (workspace_id, server_id, name, id, content, updated_at)
      values ('ws_1', 'srv_1', 'both', 'cmp_1', '{"steps": []}', now())`,
  ],
  [
    sql`insert into dropped_calls (workspace_id, id, calls) values ('ws_1', 'dro_1', 3)`,
    sql`insert into recorded_calls (workspace_id, id, at, server, tool, caller_id, caller, client, road, outcome, retries, ms,
      stages, bytes, is_reckoned)
      values ('ws_1', 'cal_1', now(), 'books', 'find', 'key_1', 'Claude', 'x', 'direct', 'ok', 0, 1.5, '{}', 9, false)`,
  ],
  [
    sql`update recorded_calls set arguments = '{"limit": 2}', answer = 'größer', answer_type = 'application/json', is_cut = true`,
    sql`update servers set record_content = true`,
  ],
  [sql`update operation_versions set manual = '{"method": "GET"}' where id = 'ver_2'`],
  [
    sql`insert into audit_heads (workspace_id, sequence, hash, earlier) values ('ws_1', 1, 'hash', 1)`,
    sql`insert into audit_events (workspace_id, id, actor, action, target, sequence, hash)
      values ('ws_1', 'aud_2', 'ak_1', 'tool.update', 'tool_1', 1, 'hash')`,
  ],
  [sql`update recorded_calls set is_redacted = true`],
  [
    sql`insert into recorded_calls (workspace_id, id, at, server, tool, caller_id, caller, client, road, outcome, retries, ms,
      stages, bytes, is_reckoned, arguments)
      values ('ws_1', 'cal_2', now(), '', 'find', 'ak_1', 'Ada', 'x', 'try', 'ok', 0, 1.5, '{}', 9, false, '{}')`,
  ],
  [
    sql`insert into operation_versions (workspace_id, id, operation_id, content_hash, title, definition, tokens, tags)
      values ('ws_1', 'ver_3', 'op_1', 'packed', 'Packed', '\\x00ff01'::bytea, 40, '[]')`,
  ],
]
