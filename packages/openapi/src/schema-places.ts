import { DATA, NAMED } from './data-keys.ts'
import { pointerTo, resolvePointer } from './json-pointer.ts'
import { pointerOfName } from './plain-names.ts'
import { baseOf, baseWithin, type Target } from './reference-target.ts'

/** Where a reference leads: a document by its name, and a URI fragment in it. */
export interface Place {
  readonly name: string
  readonly fragment: string
}

/** Finds what stands in documents that are at hand, or nothing. */
export type FindPlace = (target: Target) => Place | undefined

/** By the names of the documents, by what they call themselves (`$self`), and by what schemas in them do (`$id`). */
export function createPlaces(documents: ReadonlyMap<string, unknown>): FindPlace {
  const names = new Map([...documents].map(([name, document]) => [baseOf(document, name), name]))
  for (const name of documents.keys()) names.set(name, name)
  const schemas = schemasById(documents)

  function inSchema({ id, fragment }: Target): Place | undefined {
    const found = schemas.get(id)
    if (!found) return undefined
    const schema = resolvePointer(documents.get(found.name), found.pointer)
    const pointer = pointerOfName(schema, fragment)
    if (pointer === undefined || resolvePointer(schema, `#${pointer}`) === undefined) return undefined
    return { name: found.name, fragment: encodeURI(found.pointer.toWellFormed()) + fragmentOf(pointer, fragment) }
  }

  function inDocument({ id, fragment }: Target): Place | undefined {
    const name = names.get(id)
    if (name === undefined) return undefined
    const pointer = pointerOfName(documents.get(name), fragment)
    return pointer === undefined ? undefined : { name, fragment: fragmentOf(pointer, fragment) }
  }

  return (target) => inSchema(target) ?? inDocument(target)
}

/** A fragment that is a pointer is one as it was written. */
function fragmentOf(pointer: string, fragment: string): string {
  return pointer === fragment ? fragment : encodeURI(pointer.toWellFormed())
}

interface Found {
  readonly name: string
  readonly pointer: string
}

/** Schemas that have a URI of their own. One that several have is nobody's. */
function schemasById(documents: ReadonlyMap<string, unknown>): ReadonlyMap<string, Found> {
  const schemas = new Map<string, Found>()
  const twice = new Set<string>()
  const seen = new Set<object>()
  const visit = (value: unknown, at: Found, base: string, isNamed = false): void => {
    if (typeof value !== 'object' || value === null || seen.has(value)) return
    seen.add(value)
    const own = isNamed ? base : baseWithin(value, base)
    if (own !== base) {
      if (schemas.has(own)) twice.add(own)
      schemas.set(own, at)
    }
    for (const [key, item] of Object.entries(value))
      if (isNamed || !DATA.has(key))
        visit(item, { ...at, pointer: pointerTo(at.pointer, key) }, own, !isNamed && NAMED.has(key))
  }
  for (const [name, document] of documents) visit(document, { name, pointer: '' }, baseOf(document, name))
  for (const id of twice) schemas.delete(id)
  return schemas
}
