import { isObject } from '@sluice/schema'
import { DATA, NAMED } from './data-keys.ts'
import { pointerTo, pointerTokens } from './json-pointer.ts'
import { pointerOfName } from './plain-names.ts'

/** The other documents of an API, by where they lie: a path inside an archive, or a URL. */
export type SpecFiles = ReadonlyMap<string, unknown>

/** Where the other documents hang in the one that is read. An extension, so nothing else looks there. */
const MOUNT = 'x-sluice-files'

/**
 * Makes one document of several: the others are hung into the first, and every reference that leaves its document is pointed
 * there. Nothing is copied or expanded, so names, cycles and pointers into each file survive. What is not at hand is told
 * where it is needed. References to the name of a schema become pointers, too.
 */
export function mountFiles(root: Record<string, unknown>, id: string, files: SpecFiles): Record<string, unknown> {
  const point = (from: string) => (reference: string) => {
    const target = targetOf(reference, from)
    if (!target) return reference
    const document = target.id === id ? root : files.get(target.id)
    const named = pointerOfName(document, target.fragment)
    const fragment = named === undefined || named === target.fragment ? target.fragment : encodeURI(named)
    if (target.id === id) return `#${fragment}`
    const mount = files.has(target.id) ? `#${encodeURI(mountPoint(target.id))}` : `${target.id}#`
    return `${mount}${fragment}`
  }
  const mounted = [...files].map(([name, file]) => [name, rewrite(file, point(name))] as const)
  const main = rewrite(root, point(id)) as Record<string, unknown>
  return mounted.length > 0 ? { ...main, [MOUNT]: Object.fromEntries(mounted) } : main
}

/** The documents that the references of one lead to, other than itself. */
export function filesReferredTo(document: unknown, id: string): Set<string> {
  const ids = new Set<string>()
  rewrite(document, (reference) => {
    const target = targetOf(reference, id)
    if (target && target.id !== id) ids.add(target.id)
    return reference
  })
  return ids
}

/** Which file a pointer into the mounted document lies in, and where there. */
export function fileOf(pointer: string): { readonly file?: string; readonly pointer: string } {
  const [mount, file, ...rest] = pointerTokens(pointer)
  return mount === MOUNT && file !== undefined ? { file, pointer: pointerTo('', ...rest) } : { pointer }
}

function mountPoint(id: string): string {
  return pointerTo('', MOUNT, id)
}

function isUrl(id: string): boolean {
  return /^https?:\/\//i.test(id)
}

/** RFC 3986 5.2 for URLs; the same for paths inside an archive, which none may leave (B15, S25). */
function targetOf(reference: string, from: string): { id: string; fragment: string } | undefined {
  const hash = reference.indexOf('#')
  const place = hash < 0 ? reference : reference.slice(0, hash)
  const fragment = hash < 0 ? '' : reference.slice(hash + 1)
  if (place === '') return { id: from, fragment }
  if (isUrl(place) || isUrl(from)) {
    return URL.canParse(place, isUrl(from) ? from : undefined)
      ? { id: new URL(place, isUrl(from) ? from : undefined).href, fragment }
      : undefined
  }
  if (/^[a-z][a-z0-9+.-]*:/i.test(place) || place.startsWith('/')) return undefined
  const steps = [...from.split('/').slice(0, -1), ...decode(place).split('/')]
  const path: string[] = []
  for (const step of steps) {
    if (step === '..' && path.pop() === undefined) return undefined
    if (step !== '' && step !== '.' && step !== '..') path.push(step)
  }
  return { id: path.join('/'), fragment }
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

type Point = (reference: string) => string

/** A copy with other references. What the document shares (YAML aliases) stays shared. */
function rewrite(document: unknown, point: Point): unknown {
  const copies = { plain: new Map<object, object>(), named: new Map<object, object>() }

  function copyOf(value: unknown, isNamed = false): unknown {
    if (typeof value !== 'object' || value === null) return value
    const known = isNamed ? copies.named : copies.plain
    const found = known.get(value)
    if (found) return found
    const copy: Record<string, unknown> | unknown[] = Array.isArray(value) ? [] : {}
    known.set(value, copy)
    if (Array.isArray(copy)) copy.push(...(value as unknown[]).map((item) => copyOf(item)))
    else for (const [key, item] of Object.entries(value)) put(copy, keyOf(key, value), memberOf(key, item, isNamed))
    return copy
  }

  function memberOf(key: string, item: unknown, isNamed: boolean): unknown {
    // Where names stand, a reference is still a text, and a property of that name is not.
    if (REFERENCES.has(key) && typeof item === 'string') return point(item)
    if (isNamed) return copyOf(item)
    if (DATA.has(key)) return item
    return key === 'mapping' && isObject(item) ? mapValues(item, point) : copyOf(item, NAMED.has(key))
  }

  return copyOf(document)
}

const REFERENCES = new Set(['$ref', '$dynamicRef'])

/** Where one schema has the name that a dynamic reference asks for, it is a reference like any other (JSON Schema 2020-12, Core 8.2.3.2). */
function keyOf(key: string, holder: object): string {
  const isDynamic = key === '$dynamicRef' && typeof (holder as Record<string, unknown>)[key] === 'string'
  return isDynamic && !Object.hasOwn(holder, '$ref') ? '$ref' : key
}

/** Assigned, a property called `__proto__` would be lost. */
function put(holder: object, key: string, value: unknown): void {
  Object.defineProperty(holder, key, { value, writable: true, enumerable: true, configurable: true })
}

/** A discriminator's mapping names schemas, by reference or by name. */
function mapValues(mapping: Record<string, unknown>, point: Point): Record<string, unknown> {
  const isReference = (text: unknown): text is string => typeof text === 'string' && /[#/]|\.(json|ya?ml)$/i.test(text)
  return Object.fromEntries(Object.entries(mapping).map(([key, item]) => [key, isReference(item) ? point(item) : item]))
}
