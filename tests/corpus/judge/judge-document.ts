import { isPlain, lookUp, type OriginalOperation, type Plain } from '../walk-operations.ts'
import { judgedParameters } from './judged-parameters.ts'
import { renameTemplates } from './rename-templates.ts'
import { withoutContradictions } from './without-contradictions.ts'
import { withoutReadOnly } from './without-read-only.ts'
import { withoutSiblings } from './without-siblings.ts'
import { withoutUncompilable } from './without-uncompilable.ts'

/** One operation, as it is handed to a validator. */
export interface JudgedOperation {
  readonly document: Plain
  readonly path: string
}

/**
 * One operation as a document of its own, for a validator that would need hours for the whole: its parameters and body as
 * published, and what they refer to, at the same pointers. What is not as published:
 *
 * - security is left out, since no credential is sent, and servers, since the request goes to a loopback address
 * - responses and callbacks are left out, since only the request is judged
 * - a path is cut at `#` and `?`: a fragment is never sent (RFC 9110 7.1), and what a path template holds of a query is no path
 * - names in the path template are replaced by `p0`, `p1`, …: Prism's router knows letters, digits and `_` only
 * - read-only properties are left out, and out of `required`: "SHOULD NOT be sent as part of the request", and where they are
 *   required that "will take effect on the response only" (OpenAPI 3.0.4, 4.7.24.2); Prism sees to it at the top level only
 * - a Swagger body without `consumes` is JSON, as nothing else is said (Swagger 2.0, Operation Object)
 * - parameters that a client or its credential sets are left out: see `judgedParameters`
 * - references that leave the document or lead nowhere are left out: the validator would read files and fetch addresses
 * - bodies of XML and of JSON lines have no schema, since the validator reads neither
 * - a `type` that no value of the `enum` beside it has is left out
 * - what stands beside a reference is left out before 3.1: see `withoutSiblings`
 * - what stops the validator's compiler is left out: see `withoutUncompilable`
 * - `explode` is written out where `style: form` stands without it: Prism's loader knows its default only if both are left out
 * - 3.2 is called 3.1, which is what the validator knows
 *
 * Nothing where what it refers to has more than `most` characters.
 */
export function judgeDocument(
  root: Plain,
  original: OriginalOperation,
  most = Number.POSITIVE_INFINITY,
): JudgedOperation | undefined {
  const { method, item, value } = original
  const { requestBody, consumes } = value
  const security = value.security ?? root.security
  const parameters = judgedParameters(root, value.parameters, security)
  const operation = { parameters, requestBody, consumes, responses: { 200: { description: '' } } }
  const shared = judgedParameters(root, item.parameters, security)
  const document: Record<string, unknown> = {
    ...versionOf(root),
    info: { title: '', version: '1' },
    paths: { [original.path]: copy({ parameters: shared, [method.toLowerCase()]: operation }) },
  }
  if (!copyReached(root, document, most)) return undefined
  const path = renameTemplates(document, original.path.split(/[?#]/, 1)[0]!, original.path)
  const read = withoutReadOnly(withoutSiblings(withoutUnreadSchemas(document)))
  return { document: withoutUncompilable(withoutContradictions(read)), path }
}

function withoutUnreadSchemas(document: Plain): Plain {
  const text = JSON.stringify(document, (key, value: unknown) => (UNREAD.test(key) ? {} : value))
  return JSON.parse(text) as Plain
}

const UNREAD = /^[a-z]+\/(.+\+)?(xml|(x-)?ndjson|jsonl|json-seq)\b/

function versionOf(root: Plain): Plain {
  if (root.swagger === undefined) return { openapi: String(root.openapi).replace(/^3\.2.*/, '3.1.1') }
  return { swagger: '2.0', consumes: Array.isArray(root.consumes) ? root.consumes : ['application/json'] }
}

function copy(value: unknown): unknown {
  return value === undefined ? undefined : (JSON.parse(JSON.stringify(value)) as unknown)
}

/**
 * Copies what is referred to, up to so many characters: whether that was all. What is no component moves to a place of its own,
 * since the path it stood under is renamed.
 */
function copyReached(root: Plain, document: Record<string, unknown>, most: number): boolean {
  let copied = 0
  const placed = new Map<string, string>()
  const queue: unknown[] = [document]
  for (let value = queue.pop(); value !== undefined; value = queue.pop()) {
    for (const holder of referrersIn(value)) {
      if (!holder.$ref.startsWith('#/') || lookUp(root, holder.$ref) === undefined) {
        leaveOut(holder)
        continue
      }
      const component = COMPONENT.exec(holder.$ref)?.[0]
      const pointer = component ?? holder.$ref
      const known = placed.get(pointer)
      const at = known ?? component ?? `#/x-copied/${placed.size}`
      if (!component) holder.$ref = at
      if (known) continue
      placed.set(pointer, at)
      const text = JSON.stringify(lookUp(root, pointer)) as string | undefined
      if (text === undefined) continue
      copied += text.length
      if (copied > most) return false
      const target: unknown = JSON.parse(text)
      place(document, at, target)
      queue.push(target)
    }
  }
  return true
}

/** Whoever refers into a component gets all of it: two pointers into one would write over each other. */
const COMPONENT = /^#\/(components\/[^/]+|definitions|parameters|responses)\/[^/]+/

function leaveOut(holder: Partial<Referrer>): void {
  delete holder.$ref
}

interface Referrer {
  $ref: string
}

function referrersIn(value: unknown, found: Referrer[] = []): Referrer[] {
  if (typeof value !== 'object' || value === null) return found
  if (isPlain(value) && typeof value.$ref === 'string') found.push(value as unknown as Referrer)
  for (const member of Object.values(value)) referrersIn(member, found)
  return found
}

function place(document: Record<string, unknown>, pointer: string, target: unknown): void {
  const steps = pointer.slice(2).split('/').map(unescapePointer)
  let at = document
  for (const step of steps.slice(0, -1)) {
    if (typeof at[step] !== 'object' || at[step] === null) at[step] = {}
    at = at[step] as Record<string, unknown>
  }
  at[steps.at(-1)!] = target
}

function unescapePointer(step: string): string {
  let text = step
  try {
    text = decodeURIComponent(step)
  } catch {
    // A percent sign that encodes nothing stands for itself.
  }
  return text.replaceAll('~1', '/').replaceAll('~0', '~')
}
