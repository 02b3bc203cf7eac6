import type { JsonSchema } from '@sluice/contract'
import { isRecord, namesAt, objectOf } from '@sluice/schema'

/**
 * The same arguments by the names that they have, where a model gave them in an object of their own, as a request has a body, or as the
 * members of the one that is `body`, or with other capitals or separators (`userId` for `user_id`). Nothing where one has no such name, or
 * would be given twice.
 */
export function meantArguments(
  schema: JsonSchema,
  given: Readonly<Record<string, unknown>>,
): Record<string, unknown> | undefined {
  const known = objectOf(schema.properties)
  // What a body takes beside the names that it says may be anything: another argument, misspelt.
  const ofBody = Object.hasOwn(known, BODY) ? new Set(namesAt(BODY, schema, { [BODY]: {} })) : new Set()
  const body: Record<string, unknown> = Object.create(null)
  const meant: Record<string, unknown> = Object.create(null)
  for (const [name, value] of Object.entries(given).flatMap((entry) => unwrapped(entry, known))) {
    const own = Object.hasOwn(known, name) ? name : alikeTo(name, Object.keys(known))
    const [place, key] = own === undefined && ofBody.has(name) ? [body, name] : [meant, own]
    if (key === undefined || key in place) return undefined
    place[key] = value
  }
  if (Object.keys(body).length === 0) return meant
  return BODY in meant ? undefined : Object.assign(meant, { [BODY]: body })
}

const BODY = 'body'

function unwrapped([name, value]: [string, unknown], known: object): Array<[string, unknown]> {
  return WRAPPERS.test(name) && !Object.hasOwn(known, name) && isRecord(value) ? Object.entries(value) : [[name, value]]
}

/** What holds arguments and says nothing of them; a `not` or an `exclude` would turn their meaning round. */
const WRAPPERS = /^(args|arguments|body|data|input|json|params|parameters|path|payload|query|request|request_?body)$/i

/** The only name that differs in nothing but capitals and what separates words. A sign means something: `created<`, `-tag`. */
function alikeTo(name: string, names: readonly string[]): string | undefined {
  const plain = joined(name)
  const alike = names.filter((one) => joined(one) === plain)
  return alike.length === 1 ? alike[0] : undefined
}

function joined(name: string): string {
  return name.toLowerCase().replaceAll(/(?<=[\p{L}\p{N}])[\s_.-]+(?=[\p{L}\p{N}])/gu, '')
}
