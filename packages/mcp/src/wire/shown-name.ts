import { hash } from 'node:crypto'
import type { ClientProfile } from '@sluice/contract'

const HASH_CHARS = 6

/** A tool's name as a client can take it: a long one is cut, and told apart by a hash of all of it. */
export function shownName(name: string, { nameChars }: ClientProfile): string {
  if (nameChars === undefined || name.length <= nameChars) return name
  const head = name.slice(0, nameChars - HASH_CHARS - 1).replace(/[_-]+$/, '')
  return `${head}_${hash('sha256', name).slice(0, HASH_CHARS)}`
}

/** The tool's own name, of what this client calls it. */
export function ownName(shown: string, names: () => Iterable<string>, client: ClientProfile): string {
  if (client.nameChars === undefined || shown.length > client.nameChars) return shown
  for (const name of names()) if (shownName(name, client) === shown) return name
  return shown
}
