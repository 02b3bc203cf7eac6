import type { CodeCalls, ServerModeSetting } from '@sluice/contract'
import type { Config, ServedCatalog } from '@sluice/gateway'
import { working } from '../ask.ts'
import { textFor } from '../client-text.ts'
import { command, given } from '../command.ts'
import { answer, count, safe, table } from '../print.ts'
import { readCredential } from '../read-credential.ts'
import { readDocument } from '../read-document.ts'
import { codeCallsOption, modeOption } from './mode-option.ts'
import { runUntilStopped } from './start.ts'

export function serveCommand() {
  return command('serve', 'serve a document on loopback, from memory', [
    'sluice serve my-api.yaml',
    'sluice serve https://petstore3.swagger.io/api/v3/openapi.json',
    'sluice serve my-api.yaml --base-url http://localhost:3000 --credential-file token.txt',
  ])
    .argument('[document]', 'a file, a URL, or - for standard input; without one, the gateway itself runs')
    .option('--base-url <url>', 'where the API lies, if the document does not say or says it wrong')
    .option('--credential-file <file>', 'its key or token, or JSON')
    .addOption(modeOption())
    .addOption(codeCallsOption())
    .action(async (source, options) => {
      if (source === undefined) return runUntilStopped(options.json)
      const { stopped } = await import('@sluice/gateway')
      const served = await serveDocument(source, options, options.json ? 'silent' : 'text')
      answer(options, asJson(served), () => asText(served))
      await stopped(served)
    })
}

/** Serves one document from memory, on loopback, where the configuration says or in another `place`; what happens is said on standard error. */
export async function serveDocument(
  source: string,
  options: {
    readonly baseUrl?: string | undefined
    readonly credentialFile?: string | undefined
    readonly mode?: ServerModeSetting | undefined
    readonly codeCalls?: CodeCalls | undefined
  },
  log: 'silent' | 'text',
  place: Partial<Pick<Config, 'port' | 'publicUrl'>> = {},
): Promise<ServedCatalog> {
  const { createObserve, lastingOutput, loadConfig, serveCatalog } = await import('@sluice/gateway')
  const request = {
    ...(await readDocument(source)),
    ...readCredential(options.credentialFile),
    ...given({ baseUrl: options.baseUrl, mode: options.mode, codeCalls: options.codeCalls }),
  }
  const write = lastingOutput(process.stderr)
  const observe = createObserve(log, (makeLine) => write(makeLine()))
  return working('Reading the document', () => serveCatalog(request, { ...loadConfig(), ...place }, observe))
}

function asJson({ spec, baseUrl, mcpUrl, accessKey, clients, offers }: ServedCatalog) {
  const tools = spec.operations.map(({ name, method, path, tokens }) => ({ name, method, path, tokens }))
  return {
    url: mcpUrl,
    accessKey,
    baseUrl,
    mode: offers.mode,
    tools,
    coverage: spec.coverage,
    diagnostics: spec.diagnostics,
    clients,
  }
}

const MOST_TOOLS = 12

function asText({ spec, baseUrl, mcpUrl, accessKey, clients, offers }: ServedCatalog): string {
  const { operations, diagnostics, coverage } = spec
  const tokens = operations.reduce((sum, operation) => sum + operation.tokens, 0)
  const rows = operations.slice(0, MOST_TOOLS).map(({ name, method, path }) => ['', name, `${method} ${path}`])
  const rest = operations.length - rows.length
  return `
${safe(spec.title)}: ${coverage.imported} of ${coverage.operations} operations are tools, their list costs ${tokens} tokens
${table(rows)}${rest > 0 ? `\n  … and ${rest} more` : ''}
${diagnostics.length > 0 ? `${count(diagnostics.length, 'note')} on the document: sluice check shows them\n` : ''}
Mode        ${offers.mode} (${offers.why})
Calls go to ${baseUrl}
MCP URL     ${mcpUrl}
Access key  ${accessKey}

${['claude-code', 'cursor', 'vscode'].map((client) => textFor(client, clients)).join('\n')}

Serving until Ctrl-C.`
}
