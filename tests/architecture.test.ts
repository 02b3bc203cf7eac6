import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import {
  brokenDoors,
  brokenImports,
  brokenReservations,
  readSources,
  rings,
  type Source,
  tooLong,
  undeclaredImports,
  vagueSurfaces,
} from './support/laws.ts'
import { ROOT } from './support/spawned.ts'

// The tables are literals on purpose: a change of the house is a change of this file, with its reason in docs/decisions.

const MAY_IMPORT = {
  contract: [],
  schema: ['contract'],
  tokenizer: ['contract'],
  openapi: ['contract', 'schema', 'tokenizer'],
  mcp: ['contract', 'schema', 'tokenizer'],
  discovery: ['contract', 'schema', 'tokenizer'],
  egress: ['contract', 'schema', 'tokenizer'],
  sandbox: ['contract', 'schema', 'tokenizer'],
  store: ['contract', 'schema', 'tokenizer'],
  calls: ['contract', 'schema', 'openapi'],
  gateway: ['contract', 'schema', 'tokenizer', 'openapi', 'mcp', 'discovery', 'egress', 'sandbox', 'store', 'calls'],
  cli: ['contract', 'openapi', 'tokenizer', 'gateway'],
}

const DOORS = {
  fastify: ['gateway'],
  'fast-json-stringify': ['gateway'],
  '@fastify/multipart': ['gateway'],
  pino: ['gateway'],
  '@modelcontextprotocol/core': ['mcp'],
  jose: ['gateway'],
  '@opentelemetry/api': ['gateway'],
  '@opentelemetry/exporter-metrics-otlp-http': ['gateway'],
  '@opentelemetry/exporter-trace-otlp-http': ['gateway'],
  '@opentelemetry/resources': ['gateway'],
  '@opentelemetry/sdk-metrics': ['gateway'],
  '@opentelemetry/sdk-trace': ['gateway'],
  '@modelcontextprotocol/server': ['mcp'],
  '@modelcontextprotocol/client': [],
  '@modelcontextprotocol/sdk': [],
  undici: ['egress'],
  'isolated-vm': ['sandbox'],
  jmespath: ['sandbox'],
  'drizzle-orm': ['store'],
  pg: ['store'],
  '@electric-sql/pglite': ['store'],
  'js-yaml': ['openapi'],
  yaml: ['openapi'],
  '@apidevtools/swagger-parser': ['openapi'],
  fflate: ['openapi'],
  'json-p3': ['openapi'],
  '@scalar/fastify-api-reference': ['gateway'],
  ajv: ['schema'],
  'ajv-formats': ['schema'],
  re2js: ['schema'],
  'gpt-tokenizer': ['tokenizer'],
  minisearch: [],
}

const ENVIRONMENT_READERS = ['apps/gateway/src/config.ts', 'apps/cli/src/config.ts']
const SECRET_OPENERS = [
  'packages/calls/src/apply-credential.ts',
  'packages/calls/src/create-tokens.ts',
  'apps/gateway/src/imports/fetch-headers.ts',
  // To seal it anew under another master key.
  'packages/store/src/reseal-all.ts',
]
const FETCHERS = ['apps/cli/src/admin-api.ts', 'apps/cli/src/forward-stdio.ts']
const TOKEN_VERIFIERS = ['apps/gateway/src/mcp/access-tokens.ts', 'apps/gateway/src/mcp/issuer-keys.ts']
const MOST_LINES = 400

const sources = readSources()

describe('the laws of the house', () => {
  test('rooms import one way', () => expect(brokenImports(sources, MAY_IMPORT)).toEqual([]))
  test('a heavy dependency has one door', () => expect(brokenDoors(sources, DOORS)).toEqual([]))
  test('the environment is read in the two config files', () =>
    expect(brokenReservations(sources, READS_ENVIRONMENT, ENVIRONMENT_READERS)).toEqual([]))
  test('secrets are opened by a named few', () =>
    expect(brokenReservations(sources, OPENS_SECRET, SECRET_OPENERS)).toEqual([]))
  test('global fetch calls our own admin API only', () =>
    expect(brokenReservations(sources, FETCHES, FETCHERS)).toEqual([]))
  test('access tokens are verified by a named few', () =>
    expect(brokenReservations(sources, VERIFIES_TOKENS, TOKEN_VERIFIERS)).toEqual([]))
  test('what is imported is declared', () => expect(undeclaredImports(sources, declaredBy)).toEqual([]))
  test('no files import each other in a ring', () => expect(rings(sources)).toEqual([]))
  test(`no file is longer than ${MOST_LINES} lines`, () => expect(tooLong(sources, MOST_LINES)).toEqual([]))
  test('surfaces name what they offer', () => expect(vagueSurfaces(sources)).toEqual([]))
  test('no file is named after a drawer', () => {
    const drawers = /(^|[/-])(provider|endpoint|service|manager|helpers?|utils?|common|misc|shared|types)(-|\.|\/|$)/
    expect(sources.map(({ path }) => path).filter((path) => drawers.test(path))).toEqual([])
  })
})

const READS_ENVIRONMENT = /process\.env|process\[['"]env/
const OPENS_SECRET = /\bopenSecret\(|\.open\(.*secret/
const VERIFIES_TOKENS = /from 'jose'/
const FETCHES = /(?<![.\w])fetch\(/

function declaredBy(folder: string): string[] {
  const {
    name,
    dependencies = {},
    devDependencies = {},
  } = JSON.parse(readFileSync(join(ROOT, folder, 'package.json'), 'utf8'))
  // What the command line bundles is no dependency of its package.
  const bundled = folder === 'apps/cli' ? Object.keys(devDependencies) : []
  return [name, ...Object.keys(dependencies), ...bundled]
}

describe('each law, broken on purpose, is refused', () => {
  const file = (path: string, text: string): Source[] => [{ path, text }]

  test('a room that reaches up', () => {
    expect(
      brokenImports(file('packages/openapi/src/a.ts', "import { start } from '@sluice/gateway'\n"), MAY_IMPORT),
    ).toHaveLength(1)
    expect(
      brokenImports(file('packages/openapi/src/a.ts', "import {\n  send,\n} from '@sluice/egress'\n"), MAY_IMPORT),
    ).toHaveLength(1)
    expect(
      brokenImports(file('packages/calls/src/a.ts', "const x = await import('@sluice/store')\n"), MAY_IMPORT),
    ).toHaveLength(1)
    expect(
      brokenImports(file('packages/calls/src/a.ts', "export { x } from '@sluice/openapi/src/x.ts'\n"), MAY_IMPORT),
    ).toHaveLength(1)
  })
  test('a second door', () => {
    expect(brokenDoors(file('apps/gateway/src/a.ts', "import { request } from 'undici'\n"), DOORS)).toHaveLength(1)
    expect(
      brokenDoors(file('packages/calls/src/a.ts', "import { sql } from 'drizzle-orm/pg-core'\n"), DOORS),
    ).toHaveLength(1)
  })
  test('the environment read elsewhere', () => {
    expect(
      brokenReservations(
        file('packages/store/src/a.ts', 'const url = process.env.DATABASE_URL\n'),
        READS_ENVIRONMENT,
        ENVIRONMENT_READERS,
      ),
    ).toHaveLength(1)
    expect(
      brokenReservations(
        file('packages/store/src/a.ts', '// process.env is read in config.ts\n'),
        READS_ENVIRONMENT,
        ENVIRONMENT_READERS,
      ),
    ).toHaveLength(0)
  })
  test('a secret opened elsewhere', () => {
    expect(
      brokenReservations(
        file('packages/calls/src/to-result.ts', 'const key = openSecret(sealed)\n'),
        OPENS_SECRET,
        SECRET_OPENERS,
      ),
    ).toHaveLength(1)
  })
  test('fetch elsewhere', () => {
    expect(
      brokenReservations(file('apps/gateway/src/a.ts', "await fetch('http://x')\n"), FETCHES, FETCHERS),
    ).toHaveLength(1)
  })
  test('an access token verified elsewhere', () => {
    expect(
      brokenReservations(
        file('apps/gateway/src/admin/a.ts', "import { decodeJwt } from 'jose'\n"),
        VERIFIES_TOKENS,
        TOKEN_VERIFIERS,
      ),
    ).toHaveLength(1)
  })
  test('an import nobody declared', () => {
    expect(
      undeclaredImports(file('packages/contract/src/a.ts', "import { z } from 'zod'\n"), () => ['typebox']),
    ).toHaveLength(1)
  })
  test('a ring', () => {
    const ring = [
      ...file('packages/a/src/x.ts', "import { y } from './y.ts'\n"),
      ...file('packages/a/src/y.ts', "import type { x } from './x.ts'\n"),
    ]
    expect(rings(ring)).toEqual(['packages/a/src/x.ts -> packages/a/src/y.ts -> packages/a/src/x.ts'])
  })
  test('a long file', () => expect(tooLong(file('packages/a/src/x.ts', '\n'.repeat(400)), 400)).toHaveLength(1))
  test('a vague surface', () => {
    expect(vagueSurfaces(file('packages/a/src/index.ts', "export * from './x.ts'\n"))).toHaveLength(1)
    expect(vagueSurfaces(file('packages/a/src/inner/index.ts', ''))).toHaveLength(1)
    expect(vagueSurfaces(file('packages/a/src/x.ts', 'export default 1\n'))).toHaveLength(1)
  })
})
