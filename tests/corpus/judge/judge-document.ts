import { isPlain, lookUp, type OriginalOperation, type Plain } from '../walk-operations.ts'

/**
 * One operation as a document of its own, for a validator that would need hours for the whole: its parameters and body as
 * published, and what they refer to, at the same pointers. Left out: security, since no credential is sent; servers, since the
 * request goes to a loopback address; responses and callbacks, since only the request is judged.
 */
export function judgeDocument(root: Plain, { path, method, item, value }: OriginalOperation): Plain {
  const key = method.toLowerCase()
  const { parameters, requestBody, consumes } = value
  const operation = { parameters, requestBody, consumes, responses: { 200: { description: '' } } }
  const document: Record<string, unknown> = {
    ...(root.swagger === undefined ? { openapi: judgedVersion(root.openapi) } : { swagger: '2.0' }),
    info: { title: '', version: '1' },
    ...(Array.isArray(root.consumes) ? { consumes: root.consumes } : {}),
    paths: { [path]: { parameters: copy(item.parameters), [key]: copy(operation) } },
  }
  copyReached(root, document)
  return document
}

/** The validators know no 3.2 yet; what it adds beside new methods is written in 3.1's words. */
function judgedVersion(declared: unknown): string {
  const text = String(declared)
  return text.startsWith('3.2') ? '3.1.1' : text
}

function copy(value: unknown): unknown {
  return value === undefined ? undefined : (JSON.parse(JSON.stringify(value)) as unknown)
}

function copyReached(root: Plain, document: Record<string, unknown>): void {
  const done = new Set<string>()
  const queue: unknown[] = [document]
  for (let value = queue.pop(); value !== undefined; value = queue.pop()) {
    for (const reference of referencesIn(value)) {
      const pointer = wholeComponent(reference)
      if (done.has(pointer)) continue
      done.add(pointer)
      const target = copy(lookUp(root, pointer))
      if (target === undefined) continue
      place(document, pointer, target)
      queue.push(target)
    }
  }
}

/** Whoever refers into a component gets all of it: two pointers into one would write over each other. */
function wholeComponent(reference: string): string {
  return /^#\/(components\/[^/]+|definitions|parameters|responses)\/[^/]+/.exec(reference)?.[0] ?? reference
}

function referencesIn(value: unknown, found: string[] = []): string[] {
  if (typeof value !== 'object' || value === null) return found
  if (isPlain(value) && typeof value.$ref === 'string' && value.$ref.startsWith('#/')) found.push(value.$ref)
  for (const member of Object.values(value)) referencesIn(member, found)
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
