import { parseArgs } from 'node:util'
import type { Diagnostic, ReadSpec } from '@sluice/contract'
import { importSpec } from '@sluice/openapi'
import { countTokens } from '@sluice/tokenizer'
import { print, safe, table } from '../print.ts'
import { readDocument } from '../read-document.ts'
import { UsageFault, type Verb } from '../verb.ts'

export const check: Verb = {
  help: `sluice check <file|-> [--json]

Reads a document and says which operations become tools, what is noteworthy in it and what its tool list costs.
Nothing is sent and nothing is stored. Ends with 1 if an operation had to be left out.

  sluice check my-api.yaml
  curl -s https://petstore3.swagger.io/api/v3/openapi.json | sluice check -
  sluice check my-api.yaml --json | jq .coverage`,
  async run(argv) {
    const { values, positionals } = parseArgs({
      args: argv,
      allowPositionals: true,
      options: { json: { type: 'boolean' } },
    })
    const [source, ...more] = positionals
    if (source === undefined || more.length > 0) throw new UsageFault('Name one document to check.')
    const document = await readDocument(source)
    if ('url' in document)
      throw new UsageFault(
        'check works offline: fetch the document first, or send it by `curl -s URL | sluice check -`.',
      )
    const spec = importSpec(document, { countTokens })
    print(values.json ? JSON.stringify(asJson(spec)) : asText(spec))
    return spec.coverage.skipped > 0 ? 1 : 0
  },
}

function asJson(spec: ReadSpec) {
  const { operations, ...about } = spec
  return {
    ...about,
    listTokens: tokensOf(spec),
    operations: operations.map(({ name, method, path, tags, tokens }) => ({ name, method, path, tags, tokens })),
  }
}

function tokensOf({ operations }: ReadSpec): number {
  return operations.reduce((sum, { tokens }) => sum + tokens, 0)
}

const MOST_ROWS = 40

function asText(spec: ReadSpec): string {
  const { operations, diagnostics, coverage, title, declaredVersion, baseUrl } = spec
  const rows = operations
    .slice(0, MOST_ROWS)
    .map(({ name, method, path, tokens }) => ['', name, `${method} ${path}`, `${tokens} tokens`])
  const more = operations.length - rows.length
  return [
    safe(`${title}, OpenAPI ${declaredVersion}, base URL ${baseUrl ?? 'not given: you will be asked for it'}`),
    table(rows) + (more > 0 ? `\n  … and ${more} more` : ''),
    diagnostics.length > 0 ? `Notes:\n${diagnostics.slice(0, MOST_ROWS).map(sayDiagnostic).join('\n')}` : 'No notes.',
    `${coverage.imported} of ${coverage.operations} operations become tools (${coverage.withDiagnostics} with notes, ${coverage.skipped} left out). Their list costs ${tokensOf(spec)} tokens.`,
  ].join('\n\n')
}

function sayDiagnostic({ severity, code, line, column, pointer, message, fix }: Diagnostic): string {
  const place = line === undefined ? pointer : `${line}:${column}`
  return safe(`  ${severity} ${code} at ${place}: ${message}.${fix ? ` ${fix}` : ''}`)
}
