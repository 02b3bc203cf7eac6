import type { ImportCredential } from '@sluice/contract'
import { UsageFault } from './command.ts'
import { readText } from './read-document.ts'

/** A credential from a file, so that it stands in no list of processes and no shell history: a key or token, or JSON. */
export function readCredential(file: string | undefined): { credential?: ImportCredential } {
  return file === undefined ? {} : { credential: credentialOf<ImportCredential>(readText(file).trim(), file) }
}

/** A key or token as it is, or what its JSON says. @throws UsageFault */
export function credentialOf<T>(text: string, source: string): T | { value: string } {
  if (!text.startsWith('{')) return { value: text }
  try {
    return JSON.parse(text) as T
  } catch {
    throw new UsageFault(`${source} begins like JSON but is none. A key that begins with { is given as {"value": "…"}.`)
  }
}
