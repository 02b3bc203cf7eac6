import { isPlain } from '../walk-operations.ts'
import type { Received } from './judge-server.ts'
import type { Input } from './list-inputs.ts'

/** What a request carries, read from its bytes by nothing of the product. */
export interface Wire {
  readonly path: string
  /** Names in the query, decoded. */
  readonly query: readonly string[]
  readonly headers: Readonly<Record<string, string>>
  readonly cookies: readonly string[]
  readonly contentType: string
  /** The body's value, where its media type is one of values; else its text. */
  readonly body: unknown
}

export function readWire({ target, headers, body }: Received): Wire {
  const [path, search = ''] = splitOnce(target, '?')
  const contentType = headers['content-type'] ?? ''
  return {
    path: path!,
    query: pairsOf(search).map(([name]) => name),
    headers,
    cookies: (headers.cookie ?? '').split('; ').map((pair) => decode(splitOnce(pair, '=')[0]!)),
    contentType,
    body: body.length === 0 ? undefined : bodyOf(contentType, body),
  }
}

/** Whether a request carries an input of its operation. */
export function carries(wire: Wire, input: Input): boolean {
  switch (input.place) {
    case 'path':
      return !decode(wire.path).includes(`{${input.name}}`)
    case 'query':
      return [input.name, ...input.members].some((name) => wire.query.some((given) => isNamed(given, name)))
    case 'querystring':
      return wire.query.length > 0
    case 'header':
      return input.name.toLowerCase() in wire.headers
    case 'cookie':
      return [input.name, ...input.members].some((name) => wire.cookies.includes(name))
    case 'body':
      return wire.body !== undefined && holds(wire.body, input.steps)
  }
}

/** `filter` is given by `filter`, `filter[a]`, `filter[]` and `filter.a`. */
function isNamed(given: string, name: string): boolean {
  return given === name || given.startsWith(`${name}[`) || given.startsWith(`${name}.`)
}

function holds(value: unknown, steps: readonly string[]): boolean {
  if (steps.length === 0) return value !== undefined
  const [step, ...rest] = steps
  // Text holds its properties in a form that only its reader knows: XML, or JSON inside of a form.
  if (typeof value === 'string') return holdsInText(value, steps)
  if (Array.isArray(value)) return value.some((item) => holds(item, step === '*' ? rest : steps))
  if (!isPlain(value)) return false
  return step === '*' ? holds(value, rest) : Object.hasOwn(value, step!) && holds(value[step!], rest)
}

function holdsInText(text: string, steps: readonly string[]): boolean {
  if (/^\s*</.test(text)) return steps.every((step) => step === '*' || isInXml(text, step))
  if (!/^\s*[{[]/.test(text)) return false
  try {
    return holds(JSON.parse(text), steps)
  } catch {
    return false
  }
}

/** As an element or an attribute, with or without a prefix. */
function isInXml(text: string, name: string): boolean {
  return ['<', ':', ' '].some((before) =>
    ['>', ' ', '/', '='].some((after) => text.includes(`${before}${name}${after}`)),
  )
}

function bodyOf(contentType: string, bytes: Buffer): unknown {
  const type = contentType.split(';', 1)[0]!.trim().toLowerCase()
  const text = bytes.toString('utf8')
  if (/[/+](x-)?(ndjson|jsonl)$/.test(type))
    return text
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line))
  if (/[/+]json$/.test(type)) return JSON.parse(text)
  if (type === 'application/x-www-form-urlencoded') return formValue(pairsOf(text))
  if (type.startsWith('multipart/')) return formValue(partsOf(contentType, text))
  return text
}

/** `a[b][0]=1` as the tree that it stands for. */
function formValue(pairs: ReadonlyArray<readonly [string, string]>): unknown {
  const tree: Record<string, unknown> = {}
  for (const [name, value] of pairs) {
    const steps = name.split(/[[\].]+/).filter((step) => step !== '' && !/^\d+$/.test(step))
    let at = tree
    for (const step of steps.slice(0, -1)) {
      if (!isPlain(at[step])) at[step] = {}
      at = at[step] as Record<string, unknown>
    }
    at[steps.at(-1) ?? ''] ??= value
    tree[name] ??= value
  }
  return tree
}

/** Names and texts of the parts of a multipart body (RFC 7578). */
export function partsOf(contentType: string, text: string): Array<[string, string]> {
  const boundary = /boundary="?([^";]+)"?/.exec(contentType)?.[1]
  if (!boundary) return []
  return text.split(`--${boundary}`).flatMap((part): Array<[string, string]> => {
    const [head, ...rest] = part.split('\r\n\r\n')
    const name = /\bname="([^"]*)"/.exec(head!)?.[1]
    return name === undefined ? [] : [[decode(name), rest.join('\r\n\r\n').replace(/\r\n$/, '')]]
  })
}

/** Names and values of a query or form, decoded. */
export function pairsOf(text: string): Array<[string, string]> {
  return text
    .split('&')
    .filter(Boolean)
    .map((pair) => {
      const [name, value] = splitOnce(pair, '=')
      return [decode(name!.replaceAll('+', ' ')), decode((value ?? '').replaceAll('+', ' '))]
    })
}

function splitOnce(text: string, separator: string): [string, string?] {
  const at = text.indexOf(separator)
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + 1)]
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
