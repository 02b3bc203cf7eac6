import { extname } from 'node:path'
import type { Resource, SetResource } from '@sluice/contract'
import { at } from '../admin-api.ts'
import { command, given, group } from '../command.ts'
import { withGateway } from '../connect.ts'
import { answer, listing } from '../print.ts'
import { readBytes } from '../read-document.ts'

export function resourceCommands() {
  return group('resources', 'what clients of a server can read beside what its tools answer', [list(), set(), remove()])
}

function list() {
  return command('list', 'list the resources that are stored for a server', ['sluice resources list support'])
    .argument('<server>')
    .action(async (server, options) => {
      const items = await withGateway((api) => api.list<Resource>(at`/servers/${server}/resources`))
      const rows = items.map(({ name, uri, mimeType, bytes }) => [name, uri, mimeType, String(bytes)])
      const nothing = `Nothing is stored for it: sluice resources set ${server} <name> <file> --uri <uri>`
      answer(options, { items }, () => listing(rows, ['RESOURCE', 'URI', 'TYPE', 'BYTES'], nothing))
    })
}

function set() {
  return command('set', 'store a file for a server, or store it anew', [
    'sluice resources set support returns returns.md --uri shop://policies/returns',
    'sluice resources set support logo logo.png --uri shop://logo --title "The logo"',
  ])
    .argument('<server>')
    .argument('<name>', 'letters, digits, underscores and hyphens')
    .argument('<file>', 'what clients read: a text, or bytes')
    .requiredOption('--uri <uri>', 'what it is read by; any scheme but http, https, file, javascript and data')
    .option('--title <text>', 'what people read')
    .option('--description <text>', 'what the model reads')
    .option('--mime-type <type>', 'what it is; by default as its name ends')
    .action(async (server, name, file, options) => {
      const { uri, title, description } = options
      const body: SetResource = { uri, ...given({ title, description }), ...contentOf(file, options.mimeType) }
      const stored = await withGateway((api) =>
        api.request<Resource>('PUT', at`/servers/${server}/resources/${name}`, body),
      )
      answer(options, stored, () => `${stored.uri} is ${stored.mimeType} of ${stored.bytes} bytes.`)
    })
}

function remove() {
  return command('remove', 'delete a resource that is stored for a server', ['sluice resources remove support returns'])
    .argument('<server>')
    .argument('<resource>', 'its name')
    .action(async (server, name, options) => {
      await withGateway((api) => api.request<undefined>('DELETE', at`/servers/${server}/resources/${name}`))
      answer(options, { removed: name }, () => `${name} is gone.`)
    })
}

const TYPES: Readonly<Record<string, string>> = {
  '.csv': 'text/csv',
  '.gif': 'image/gif',
  '.htm': 'text/html',
  '.html': 'text/html',
  '.jpeg': 'image/jpeg',
  '.jpg': 'image/jpeg',
  '.json': 'application/json',
  '.md': 'text/markdown',
  '.pdf': 'application/pdf',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.webp': 'image/webp',
  '.xml': 'application/xml',
  '.yaml': 'application/yaml',
  '.yml': 'application/yaml',
}

/** A text where its bytes are one, else base64. */
function contentOf(file: string, mimeType = TYPES[extname(file).toLowerCase()]) {
  const bytes = readBytes(file)
  const type = given({ mimeType })
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    if (!text.includes('\0')) return { ...type, text }
  } catch {
    // Bytes that are no text.
  }
  return { ...type, blob: bytes.toString('base64') }
}
