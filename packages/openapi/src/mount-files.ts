import { isObject } from '@sluice/schema'
import { DATA, NAMED } from './data-keys.ts'
import { pointerTo, pointerTokens } from './json-pointer.ts'
import { baseOf, baseWithin, targetOf } from './reference-target.ts'
import { createPlaces } from './schema-places.ts'

/** The other documents of an API, by where they lie: a path inside an archive, or a URL. */
export type SpecFiles = ReadonlyMap<string, unknown>

/** Where the other documents hang in the one that is read. An extension, so nothing else looks there. */
const MOUNT = 'x-sluice-files'

/**
 * Makes one document of several: the others are hung into the first, and every reference that leaves its document is pointed
 * there. Nothing is copied or expanded, so names, cycles and pointers into each file survive. What is not at hand is told
 * where it is needed. References to the name or the URI of a schema become pointers, too.
 */
export function mountFiles(root: Record<string, unknown>, id: string, files: SpecFiles): Record<string, unknown> {
  const documents = new Map([...files, [id, root]])
  const find = createPlaces(documents)
  const pointIn = (name: string): Point => {
    const own = baseOf(documents.get(name), name)
    return (reference, base) => {
      const target = targetOf(reference, own)
      const nearer = base === own ? undefined : targetOf(reference, base)
      const place = (nearer && find(nearer)) ?? (target && find(target))
      if (!place) return target ? `${target.id === own ? '' : target.id}#${target.fragment}` : reference
      const mount = place.name === id ? '' : encodeURI(mountPoint(place.name))
      return `#${mount}${place.fragment}`
    }
  }
  const rewritten = (document: unknown, name: string) => rewrite(document, baseOf(document, name), pointIn(name))
  const mounted = [...files].map(([name, file]) => [name, rewritten(file, name)] as const)
  const main = rewritten(root, id) as Record<string, unknown>
  return mounted.length > 0 ? { ...main, [MOUNT]: Object.fromEntries(mounted) } : main
}

/** The documents that the references of one lead to, other than itself. */
export function filesReferredTo(document: unknown, name: string): Set<string> {
  const ids = new Set<string>()
  const own = baseOf(document, name)
  rewrite(document, own, (reference) => {
    const target = targetOf(reference, own)
    if (target && target.id !== own && target.id !== name) ids.add(target.id)
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

/** Another reference in place of one; `base` is what it is relative to where it stands. */
type Point = (reference: string, base: string) => string

/** A copy with other references. What the document shares (YAML aliases) stays shared. */
function rewrite(document: unknown, from: string, point: Point): unknown {
  const copies = { plain: new Map<object, object>(), named: new Map<object, object>() }

  function copyOf(value: unknown, around: string, isNamed = false): unknown {
    if (typeof value !== 'object' || value === null) return value
    const base = isNamed ? around : baseWithin(value, around)
    const known = isNamed ? copies.named : copies.plain
    const found = known.get(value)
    if (found) return found
    const copy: Record<string, unknown> | unknown[] = Array.isArray(value) ? [] : {}
    known.set(value, copy)
    if (Array.isArray(copy)) for (const item of value as unknown[]) copy.push(copyOf(item, base))
    else
      for (const [key, item] of Object.entries(value)) put(copy, keyOf(key, value), memberOf(key, item, base, isNamed))
    return copy
  }

  function memberOf(key: string, item: unknown, base: string, isNamed: boolean): unknown {
    // Where names stand, a reference is still a text, and a property of that name is not.
    // Which schema of a name is meant depends on where a dynamic one comes from: only one that the document has once is known.
    if (REFERENCES.has(key) && typeof item === 'string') return point(item, key === '$ref' ? base : from)
    if (isNamed) return copyOf(item, base)
    if (DATA.has(key)) return item
    return key === 'mapping' && isObject(item)
      ? mapValues(item, (text) => point(text, base))
      : copyOf(item, base, NAMED.has(key))
  }

  return copyOf(document, from)
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
function mapValues(mapping: Record<string, unknown>, point: (text: string) => string): Record<string, unknown> {
  const isReference = (text: unknown): text is string => typeof text === 'string' && /[#/]|\.(json|ya?ml)$/i.test(text)
  return Object.fromEntries(Object.entries(mapping).map(([key, item]) => [key, isReference(item) ? point(item) : item]))
}
