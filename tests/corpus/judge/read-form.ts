import { isPlain, type Plain } from '../walk-operations.ts'
import { pairsOf, partsOf } from './read-wire.ts'

/** How one property of a form is encoded, as the document says. */
export interface FieldEncoding {
  readonly property: string
  readonly style?: string
  readonly explode?: boolean
}

/**
 * The value that a form or multipart body stands for, read by its schema and the Encoding Object (OpenAPI 3.0.4, 4.7.15):
 * repeated names are a list, `a[b]` is a member, and JSON stands where an object is wanted. Leaves stay text.
 */
export function readForm(
  contentType: string,
  body: Buffer,
  schema: Plain,
  encodings: readonly FieldEncoding[],
): Record<string, unknown> {
  const text = body.toString('utf8')
  const pairs = contentType.startsWith('multipart/') ? partsOf(contentType, text) : pairsOf(text)
  const properties = propertiesOf(schema)
  const tree: Record<string, unknown> = {}
  for (const [name, value] of pairs) insert(tree, Object.hasOwn(properties, name) ? [name] : stepsOf(name), value)
  for (const [name, value] of Object.entries(tree)) {
    const encoding = encodings.find(({ property }) => property === name)
    tree[name] = asWanted(value, properties[name], encoding)
  }
  return tree
}

/** `a[b][]` is a, b and a list's next item, which is written as the empty step. */
function stepsOf(name: string): string[] {
  const [, head, rest] = /^([^[]+)((?:\[[^\]]*\])*)$/.exec(name) ?? [undefined, name, '']
  return [head!, ...[...rest!.matchAll(/\[([^\]]*)\]/g)].map((match) => match[1]!)]
}

function insert(tree: Record<string, unknown>, steps: readonly string[], value: string): void {
  const [step, ...rest] = steps
  const known = tree[step!]
  if (rest.length === 0) {
    tree[step!] = known === undefined ? value : [...(Array.isArray(known) ? known : [known]), value]
  } else if (rest[0] === '' && rest.length === 1) {
    tree[step!] = [...(Array.isArray(known) ? known : []), value]
  } else {
    const inner = typeof known === 'object' && known !== null ? known : /^\d*$/.test(rest[0]!) ? [] : {}
    tree[step!] = inner
    insert(inner as Record<string, unknown>, rest, value)
  }
}

const SEPARATORS: Record<string, string> = { form: ',', spaceDelimited: ' ', pipeDelimited: '|' }

function asWanted(value: unknown, schema: unknown, encoding: FieldEncoding | undefined): unknown {
  const types = typesIn(schema)
  const wantsList = types.includes('array')
  if (Array.isArray(value)) return value.map((item) => asItem(item, schema))
  if (typeof value !== 'string') return value
  if (/^\s*[{[]/.test(value) && !types.includes('string')) {
    const json = parsed(value) ?? value
    return wantsList && !types.includes('object') && isPlain(json) ? [json] : json
  }
  if (!wantsList || types.includes('string')) return value
  if (encoding?.explode === false) return value.split(SEPARATORS[encoding.style ?? 'form'] ?? ',')
  return [value]
}

/** An object in a list is JSON text in a part of its own. */
function asItem(value: unknown, schema: unknown): unknown {
  const items = isPlain(schema) ? typesIn(schema.items) : []
  return typeof value === 'string' && /^\s*[{[]/.test(value) && !items.includes('string')
    ? (parsed(value) ?? value)
    : value
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** The types that a schema names, through its branches. */
function typesIn(schema: unknown, depth = 0): string[] {
  if (!isPlain(schema) || depth > 8) return []
  return [schema.type, ...branchesOf(schema).flatMap((branch) => typesIn(branch, depth + 1))]
    .flat()
    .filter((type): type is string => typeof type === 'string')
}

function propertiesOf(schema: unknown, depth = 0): Plain {
  if (!isPlain(schema) || depth > 8) return {}
  const inherited = branchesOf(schema).map((branch) => propertiesOf(branch, depth + 1))
  return Object.assign({}, ...inherited, isPlain(schema.properties) ? schema.properties : {})
}

function branchesOf(schema: Plain): unknown[] {
  return [schema.allOf, schema.oneOf, schema.anyOf].flatMap((list) => (Array.isArray(list) ? list : []))
}
