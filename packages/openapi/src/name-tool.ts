import { createHash } from 'node:crypto'
import { LIMITS } from '@sluice/contract'

/**
 * The name of a tool: `[a-z0-9_]`, at most 48 characters, made of the operationId or else of method and path. A longer one is
 * cut at a word and gets a hash of method and path, so that no other operation of the document changes it (B32 to B35).
 */
export function nameTool(operation: { method: string; path: string; operationId?: string }): string {
  const words = wordsOf(operation.operationId ?? '')
  const name = (words.length > 0 ? words : pathWords(operation)).join('_')
  const safe = /^[a-z]/.test(name) ? name : `op_${name}`
  return safe.length <= LIMITS.toolNameChars ? safe : withHash(safe, operation)
}

/** The same name for one operation of several that would share it. */
export function distinctName(name: string, operation: { method: string; path: string }): string {
  return withHash(name, operation)
}

function withHash(name: string, { method, path }: { method: string; path: string }): string {
  const hash = createHash('sha256').update(`${method} ${path}`).digest('hex').slice(0, 6)
  const room = LIMITS.toolNameChars - hash.length - 1
  const cut = name.length <= room ? name : name.slice(0, room + 1).replace(/_[^_]*$/, '')
  return `${(cut || name).slice(0, room)}_${hash}`
}

/** Words of an identifier in any case: camelCase, snake_case, dotted, spaced, accented. */
export function wordsOf(text: string): string[] {
  return text
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replaceAll(/([A-Z]+)([A-Z][a-z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter(Boolean)
}

function pathWords({ method, path }: { method: string; path: string }): string[] {
  const words = wordsOf(path)
  return [...wordsOf(method.toLowerCase()), ...(words.length > 0 ? words : ['root'])]
}
