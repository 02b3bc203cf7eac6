import type { Implementation } from '@modelcontextprotocol/server'
import type { CatalogServer } from '@sluice/contract'
import { encodeIcons } from './encode-icons.ts'

/** What a server says of itself. Its icon may be kilobytes, and goes with what a client asks of the server alone. */
export function serverInfo(
  { slug, name, icon }: CatalogServer,
  version: string,
  method: string | undefined,
): Implementation {
  const isAsked = method === 'initialize' || method === 'server/discover'
  return { name: slug, title: name, version, ...(isAsked ? encodeIcons(icon) : {}) }
}
