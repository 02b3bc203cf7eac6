import type { ReadSpec } from '@sluice/contract'
import { working } from '../ask.ts'
import { command, Ended, UsageFault } from '../command.ts'
import { weightiestText } from '../diagnostic-text.ts'
import { answer, safe, table } from '../print.ts'
import { type Document, readDocument } from '../read-document.ts'

export function checkCommand() {
  return command('check', 'say what an import would make of a document, offline', [
    'sluice check my-api.yaml',
    'curl -s https://petstore3.swagger.io/api/v3/openapi.json | sluice check -',
    'sluice check my-api.yaml --json | jq .coverage',
  ])
    .argument('<document>', 'a file, a folder or zip of files, or - for standard input')
    .addHelpText('after', '\nEnds with 1 if an operation had to be left out.')
    .action(async (source, options) => {
      const document = await readDocument(source)
      if ('url' in document)
        throw new UsageFault(
          'check works offline: fetch the document first, or send it by `curl -s URL | sluice check -`.',
        )
      const spec = await working('Reading the document', () => read(document))
      answer(options, asJson(spec), () => asText(spec))
      if (spec.coverage.skipped > 0) throw new Ended(1)
    })
}

async function read(document: Exclude<Document, { readonly url: string }>): Promise<ReadSpec> {
  const [{ importSpec }, { countTokens }] = await Promise.all([import('@sluice/openapi'), import('@sluice/tokenizer')])
  return importSpec(document, { countTokens })
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
    diagnostics.length > 0
      ? `Notes:\n${weightiestText(diagnostics, MOST_ROWS, '--json shows all').join('\n')}`
      : 'No notes.',
    `${coverage.imported} of ${coverage.operations} operations become tools (${coverage.withDiagnostics} with notes, ${coverage.skipped} left out). Their list costs ${tokensOf(spec)} tokens.`,
  ].join('\n\n')
}
