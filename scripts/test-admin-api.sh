#!/usr/bin/env bash
# Sends thousands of generated requests, fitting and unfitting, to every route of the admin API and holds the answers against
# its document: no 500, no answer that it does not declare. Opt-in: it installs schemathesis from PyPI into a folder of its own.
# Usage: npm run test:admin-api [-- --max-examples 200]
set -euo pipefail
cd "$(dirname "$0")/.."
node scripts/setup.mjs
export PATH="$PWD/node_modules/.bin:$PATH"

T=$(mktemp -d /tmp/sluice-admin-api.XXXXXX)
cleanup() {
  status=$?
  [ -f "$T/pid" ] && kill "$(cat "$T/pid")" 2>/dev/null && wait 2>/dev/null
  rm -rf "$T"
  exit $status
}
trap cleanup EXIT

VENV=node_modules/.cache/sluice/schemathesis
if [ ! -x "$VENV/bin/schemathesis" ]; then
  python3 -m venv "$VENV"
  "$VENV/bin/pip" install --quiet 'schemathesis==4.32.5'
fi

export DATA_DIR="$T/data" PORT="${PORT:-18091}" INSTALLATION_KEY=the-installation-key-of-this-run LOG_FORMAT=json
node --import ./scripts/fast-resolve.mjs apps/gateway/src/main.ts >"$T/log" 2>&1 &
echo $! >"$T/pid"
for _ in $(seq 60); do curl -fsS "http://127.0.0.1:$PORT/health/ready" >/dev/null 2>&1 && break || sleep 0.5; done

# Something to find: a document, its tools, a server and a key.
SLUICE_URL="http://127.0.0.1:$PORT" ./sluice import specs/samples/bookshop.yaml --server bookshop --yes >/dev/null

KEY=$(cat "$T/data/admin.key")
curl -fsS -o /dev/null -H "Authorization: Bearer $KEY" -H 'content-type: application/json' "http://127.0.0.1:$PORT/api/v1/secrets" \
  -d '{"name":"tenant","value":"a-value-of-this-run","origins":["https://api.example.com"]}'
first() { curl -fsS -H "Authorization: Bearer $KEY" "http://127.0.0.1:$PORT/api/v1/$1?limit=1" | sed -E 's/.*"items":\[\{"id":"([^"]+)".*/\1/'; }
cat >"$T/known.toml" <<TOML
[parameters]
"path.upstream" = "bookshop"
"path.server" = "bookshop"
$(for resource in tools upstreams/bookshop/operations upstreams/bookshop/spec-revisions access-keys secrets; do
  echo "[[operations]]"
  echo "include-path-regex = '^/${resource##*/}/\\{id\\}'"
  echo "parameters = { id = '$(first "$resource")' }"
done)
TOML

run() {
  "$VENV/bin/schemathesis" --config-file "$1" run "http://127.0.0.1:$PORT/api/v1/openapi.json" \
    --checks not_a_server_error,status_code_conformance,content_type_conformance,response_headers_conformance,response_schema_conformance \
    --continue-on-failure --generation-database none --seed 1 --no-color --warnings off "${@:2}"
}
# What is there is changed in all ways; then everything is asked for things that are mostly not there, deletions too.
run "$T/known.toml" --header "Authorization: Bearer $KEY" --exclude-tag Workspaces --exclude-method DELETE --phases fuzzing "$@"
run /dev/null --header "Authorization: Bearer $KEY" --exclude-tag Workspaces "$@"
run /dev/null --header "Authorization: Bearer $INSTALLATION_KEY" --include-tag Workspaces "$@"

if grep -q '"kind":"bug"' "$T/log"; then
  echo 'The gateway logged bugs:'
  grep '"kind":"bug"' "$T/log" | head -5
  exit 1
fi
