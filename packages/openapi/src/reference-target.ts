import { isObject } from '@sluice/schema'

/** A document, by its name or its URI, and a fragment of it. */
export interface Target {
  readonly id: string
  readonly fragment: string
}

/** RFC 3986 5.2 for URLs; the same for paths inside an archive, which none may leave (B15, S25). */
export function targetOf(reference: string, from: string): Target | undefined {
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

/** What the references of a document are relative to: what it calls itself (OpenAPI 3.2 4.1.2.2.2), or where it lies. */
export function baseOf(document: unknown, name: string): string {
  const self = isObject(document) ? document.$self : undefined
  return (typeof self === 'string' ? targetOf(self, name)?.id : undefined) ?? name
}

/** The base that a schema gives itself and all below it (JSON Schema 2020-12, Core 8.2.1); what is no more than a fragment is none. */
export function baseWithin(schema: object, base: string): string {
  const { $id } = schema as Record<string, unknown>
  return (typeof $id === 'string' && !$id.startsWith('#') ? targetOf($id, base)?.id : undefined) ?? base
}

function isUrl(id: string): boolean {
  return /^https?:\/\//i.test(id)
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
