/** One operation of an original document, references to it followed. */
export interface OriginalOperation {
  readonly method: string
  readonly path: string
  readonly item: Plain
  readonly value: Plain
}

export type Plain = Readonly<Record<string, unknown>>

/**
 * Every operation of a document, read by nothing of the product: whoever judges the importer may not ask it.
 * `query` and `additionalOperations` are those of OpenAPI 3.2.
 */
export function walkOperations(root: Plain): OriginalOperation[] {
  if (!isPlain(root.paths)) return []
  return Object.entries(root.paths).flatMap(([key, given]) => {
    const item = follow(root, given)
    if (key.startsWith('x-') || !item) return []
    // "MUST begin with a forward slash"; where one does not, nothing else can be meant.
    const path = key.startsWith('/') ? key : `/${key}`
    const more = isPlain(item.additionalOperations) ? Object.entries(item.additionalOperations) : []
    const named = METHODS.map((method) => [method.toUpperCase(), item[method]] as const)
    return [...named, ...more].flatMap(([method, value]) => (isPlain(value) ? [{ method, path, item, value }] : []))
  })
}

const METHODS = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace', 'query']

/** Whether a value is an object and no list. */
export function isPlain(value: unknown): value is Plain {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The object that a value is or refers to inside its own document; nothing where that leads nowhere. */
export function follow(root: Plain, value: unknown): Plain | undefined {
  let current = value
  for (let hops = 0; hops < MOST_HOPS; hops++) {
    if (!isPlain(current)) return undefined
    if (typeof current.$ref !== 'string') return current
    current = lookUp(root, current.$ref)
  }
  return undefined
}

const MOST_HOPS = 50

/** What a reference inside a document names: RFC 6901, in the fragment form of its section 6. */
export function lookUp(root: Plain, reference: string): unknown {
  if (!reference.startsWith('#')) return undefined
  const steps = reference.slice(1).split('/').slice(1)
  return steps.reduce<unknown>((value, step) => {
    if (typeof value !== 'object' || value === null) return undefined
    const key = unescapeStep(step)
    return Object.hasOwn(value, key) ? (value as Record<string, unknown>)[key] : undefined
  }, root)
}

function unescapeStep(step: string): string {
  let text = step
  try {
    text = decodeURIComponent(step)
  } catch {
    // A percent sign that encodes nothing stands for itself.
  }
  return text.replaceAll('~1', '/').replaceAll('~0', '~')
}
