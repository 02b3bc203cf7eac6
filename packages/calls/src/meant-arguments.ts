import type { JsonSchema } from '@sluice/contract'
import { isRecord, objectOf } from '@sluice/schema'

/**
 * The same arguments by the names that they have, where a model gave them in an object of their own, as a request has a body, or with other
 * capitals or separators (`userId` for `user_id`). Nothing where one has no such name, or would be given twice.
 */
export function meantArguments(
  { properties }: JsonSchema,
  given: Readonly<Record<string, unknown>>,
): Record<string, unknown> | undefined {
  const known = objectOf(properties)
  const meant: Record<string, unknown> = Object.create(null)
  for (const [name, value] of Object.entries(given).flatMap((entry) => unwrapped(entry, known))) {
    const own = Object.hasOwn(known, name) ? name : alikeTo(name, Object.keys(known))
    if (own === undefined || own in meant) return undefined
    meant[own] = value
  }
  return meant
}

function unwrapped([name, value]: [string, unknown], known: object): Array<[string, unknown]> {
  return WRAPPERS.test(name) && !Object.hasOwn(known, name) && isRecord(value) ? Object.entries(value) : [[name, value]]
}

/** What holds arguments and says nothing of them; a `not` or an `exclude` would turn their meaning round. */
const WRAPPERS = /^(args|arguments|body|data|input|json|params|parameters|path|payload|query|request|request_?body)$/i

/** The only name of the same letters and digits. */
function alikeTo(name: string, names: readonly string[]): string | undefined {
  const plain = lettersOf(name)
  const alike = names.filter((one) => lettersOf(one) === plain)
  return alike.length === 1 ? alike[0] : undefined
}

function lettersOf(name: string): string {
  return name.toLowerCase().replaceAll(/[^\p{L}\p{N}]/gu, '')
}
