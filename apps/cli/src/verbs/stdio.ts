import { readFileSync } from 'node:fs'
import { ApiProblem, isSendable } from '../admin-api.ts'
import { command, UsageFault } from '../command.ts'
import { loadCliConfig } from '../config.ts'
import { gatewayUrl } from '../connect.ts'
import { forwardStdio } from '../forward-stdio.ts'
import { readText } from '../read-document.ts'
import { codeCallsOption, modeOption } from './mode-option.ts'
import { serveDocument } from './serve.ts'

export function stdioCommand() {
  return command('stdio', 'be an MCP server on standard input and output', [
    'SLUICE_ACCESS_KEY=slk_… sluice stdio bookshop',
    'sluice stdio ./my-api.yaml --base-url http://localhost:3000',
    'sluice connect bookshop --client claude-desktop    # what to paste',
  ])
    .addHelpText(
      'after',
      '\nFor clients that start a program. A slug names a server of the gateway at SLUICE_URL; anything else is a document,\nserved from memory, on a free port. Faults are told on standard error.',
    )
    .argument('<document>', 'slug of a server, or a file or URL of a document')
    .option('--access-key-file <file>', 'the agent’s key; by default SLUICE_ACCESS_KEY')
    .option('--base-url <url>', 'where the API of the document lies')
    .option('--credential-file <file>', 'its key or token, or JSON')
    .addOption(modeOption())
    .addOption(codeCallsOption())
    .action(async (meant, options) => {
      if (isSlug(meant)) return forwardStdio(await endpointOf(meant, options.accessKeyFile))
      const served = await serveDocument(meant, options, 'silent', OF_ITS_OWN)
      await forwardStdio({ url: served.mcpUrl, accessKey: served.accessKey })
      await served.stop('the client has gone')
    })
}

/** Nobody else is told the URL: what a gateway and other clients' programs listen on is left to them. */
const OF_ITS_OWN = { port: 0, publicUrl: undefined }

/** A slug has no dot, slash or colon; a document's file or URL has one. */
function isSlug(text: string): boolean {
  return /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/.test(text) && !isFile(text)
}

function isFile(path: string): boolean {
  try {
    readFileSync(path)
    return true
  } catch {
    return false
  }
}

async function endpointOf(slug: string, keyFile: string | undefined): Promise<{ url: string; accessKey: string }> {
  const accessKey = keyFile ? readText(keyFile).trim() : loadCliConfig().accessKey
  if (!accessKey) {
    const how = `\`sluice connect ${slug} --client claude-desktop --create-key NAME\` makes one`
    throw new UsageFault(`An access key is needed: set SLUICE_ACCESS_KEY, or give --access-key-file. ${how}.`)
  }
  if (!isSendable(accessKey))
    throw new ApiProblem({ detail: 'The access key has spaces or characters that no key has: it cannot be one.' })
  return { url: `${await gatewayUrl()}/mcp/${slug}`, accessKey }
}
