# Built by any Docker, the legacy builder too: no mounts, no heredocs.
FROM node:24-bookworm-slim AS dependencies
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
COPY apps/cli/package.json apps/cli/
COPY apps/gateway/package.json apps/gateway/
COPY packages/calls/package.json packages/calls/
COPY packages/contract/package.json packages/contract/
COPY packages/discovery/package.json packages/discovery/
COPY packages/egress/package.json packages/egress/
COPY packages/mcp/package.json packages/mcp/
COPY packages/openapi/package.json packages/openapi/
COPY packages/sandbox/package.json packages/sandbox/
COPY packages/schema/package.json packages/schema/
COPY packages/store/package.json packages/store/
COPY packages/tokenizer/package.json packages/tokenizer/
# Of the workspaces alone. What the command line works with is a development dependency of its own: its package for npm is bundled.
RUN npm ci --ignore-scripts --omit=optional --workspaces

FROM node:24-bookworm-slim
ENV NODE_ENV=production \
    NODE_COMPILE_CACHE=/tmp/compile-cache \
    HOST=0.0.0.0 \
    PORT=8080 \
    DATA_DIR=/data
WORKDIR /app
COPY --from=dependencies /app/ ./
COPY sluice LICENSE ./
COPY apps ./apps
COPY packages ./packages
COPY migrations ./migrations
COPY scripts ./scripts
RUN mkdir /data && chown node:node /data && node --import ./scripts/fast-resolve.mjs scripts/make-snapshot.ts node_modules/.cache/sluice/database.tar.gz
USER node
VOLUME /data
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s --retries=3 \
  CMD ["node", "-e", "fetch('http://127.0.0.1:' + process.env.PORT + '/health/ready').then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
# What is new is collected where it fits a processor's cache: more room for it is no faster, and 80 MB larger.
CMD ["node", "--max-semi-space-size=16", "--import", "./scripts/fast-resolve.mjs", "apps/gateway/src/main.ts"]
