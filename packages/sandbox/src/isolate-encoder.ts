/** What became of the value: JSON text, or why there is none. Paths and lines are records, which nobody can have changed. */
export type Encoded =
  | { readonly state: 'done'; readonly text: string }
  /** The value itself is not an object but `fault`. */
  | { readonly state: 'no-object'; readonly fault: string }
  /** The value at the path, whose keys are numbered from 1 to `depth`, `fault`s: "is undefined". */
  | {
      readonly state: 'unfit'
      readonly fault: string
      readonly path: Readonly<Record<number, string | number>>
      readonly depth: number
    }
  | { readonly state: 'too-large' }

/**
 * Encodes what a script returned, inside the isolate (see `isolateRuntime`). It is looked at first: what JSON would leave
 * out or change is a fault, and what is too large is not made into one text. Where `leavesOut`, `undefined` is as JSON has it.
 */
export function createEncoder(leavesOut = false): (value: unknown, maxChars: number) => Encoded {
  const { stringify, isRawJSON } = JSON as typeof JSON & { isRawJSON(value: unknown): value is { rawJSON: string } }
  const { keys, create } = Object
  const { isArray } = Array
  const { apply } = Reflect
  const { toString: nameKind } = Object.prototype
  const tagOf = (value: unknown): string => apply(nameKind, value, [])
  const path: Record<number, string | number> = create(null)
  const above: Record<number, unknown> = create(null)
  const maxDepth = 500
  let depth = 0
  let most = 0
  // A lower bound: escapes take more.
  let chars = 0

  /** What is wrong with the value under this key of the value at `path`. */
  function faultOf(value: unknown, key: string | number): string | undefined {
    path[depth] = key
    const toJSON = typeof value === 'object' && value !== null ? (value as { toJSON?: unknown }).toJSON : undefined
    const shown = typeof toJSON === 'function' ? apply(toJSON, value, [key]) : value
    chars += typeof shown === 'string' ? shown.length + 2 : isRawJSON(shown) ? shown.rawJSON.length : 1
    if (chars > most) return 'is too large'
    if (shown === undefined && leavesOut) return undefined
    if (typeof shown !== 'object' || shown === null || isRawJSON(shown)) return wordlessFault(shown, tagOf)
    return (
      wordlessFault(shown, tagOf) ?? nestingFault(shown) ?? (isArray(shown) ? itemsFault(shown) : entriesFault(shown))
    )
  }

  function nestingFault(value: object): string | undefined {
    for (let at = 0; depth >= maxDepth && at < depth; at++)
      if (above[at] === value) return 'refers to what it is part of'
    above[depth] = value
    return depth < maxDepth ? undefined : `is nested more than ${maxDepth} levels deep`
  }

  function itemsFault(items: readonly unknown[]): string | undefined {
    let fault: string | undefined
    depth++
    for (let at = 0; at < items.length && !fault; at++) fault = faultOf(items[at], at)
    if (!fault) depth--
    return fault
  }

  function entriesFault(value: object): string | undefined {
    const names = keys(value)
    let fault: string | undefined
    depth++
    for (let at = 0; at < names.length && !fault; at++) {
      chars += names[at]!.length + 3
      fault = faultOf((value as Record<string, unknown>)[names[at]!], names[at]!)
    }
    if (!fault) depth--
    return fault
  }

  return (value, maxChars) => {
    most = maxChars
    if (typeof value !== 'object' || value === null)
      return { state: 'no-object', fault: value === null ? 'null' : `a ${typeof value}` }
    if (isArray(value)) return { state: 'no-object', fault: 'an array' }
    const fault = faultOf(value, '')
    if (chars > maxChars) return { state: 'too-large' }
    if (fault) return { state: 'unfit', fault, path, depth }
    const text: unknown = stringify(value)
    if (typeof text !== 'string') return { state: 'no-object', fault: 'nothing' }
    return text.length > maxChars ? { state: 'too-large' } : { state: 'done', text }
  }
}

/** What is wrong with a value that JSON has no word for. It would write a Promise and a Map as empty objects. */
export function wordlessFault(value: unknown, tagOf: (value: unknown) => string): string | undefined {
  switch (typeof value) {
    case 'number':
      return value - value === 0 ? undefined : `is ${value}`
    case 'bigint': {
      const most = 10n ** 1000n
      return value < most && value > -most ? undefined : 'is an integer of more than 1000 digits'
    }
    case 'undefined':
      return 'is undefined'
    case 'function':
    case 'symbol':
      return `is a ${typeof value}`
    case 'object': {
      if (value === null) return undefined
      const tag = tagOf(value)
      if (tag === '[object Object]' || tag === '[object Array]') return undefined
      if (tag === '[object Number]' || tag === '[object String]' || tag === '[object Boolean]') return undefined
      return tag === '[object Promise]' ? 'is a promise, which wants an `await`' : `is ${tag}`
    }
    default:
      return undefined
  }
}
