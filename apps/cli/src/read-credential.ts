import type { ImportCredential } from '@sluice/contract'
import { readFile } from './read-document.ts'

/** A credential from a file, so that it stands in no list of processes and no shell history: a key or token, or JSON. */
export function readCredential(file: string | undefined): { credential?: ImportCredential } {
  if (file === undefined) return {}
  const text = readFile(file).trim()
  return { credential: text.startsWith('{') ? (JSON.parse(text) as ImportCredential) : { value: text } }
}
