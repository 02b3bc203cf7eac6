import { pick } from '../judge/seeded-random.ts'

/** A copy of a document with some of its values dropped, retyped, moved, looped, nested or blown up. */
export function mutateDocument(document: unknown, random: () => number): unknown {
  const copy = JSON.parse(JSON.stringify(document)) as Container
  const times = 1 + Math.floor(random() * 4)
  for (let time = 0; time < times; time++) mutateOne(copy, random)
  return copy
}

type Container = Record<string, unknown>

function mutateOne(root: Container, random: () => number): void {
  const places = containersIn(root)
  const holder = pick(places, random)
  const keys = Object.keys(holder)
  if (keys.length === 0) return
  const key = pick(keys, random)
  const change = pick(CHANGES, random)
  change(holder, key, random, places)
}

function containersIn(value: unknown, found: Container[] = []): Container[] {
  if (typeof value !== 'object' || value === null) return found
  found.push(value as Container)
  for (const member of Object.values(value)) containersIn(member, found)
  return found
}

type Change = (holder: Container, key: string, random: () => number, places: readonly Container[]) => void

const CHANGES: readonly Change[] = [
  (holder, key) => {
    delete holder[key]
  },
  (holder, key, random) => {
    holder[key] = pick(JUNK, random)
  },
  (holder, key, random) => {
    holder[key] = pick(JUNK, random)
  },
  // A part of the document where it does not belong.
  (holder, key, random, places) => {
    holder[key] = JSON.parse(JSON.stringify(pick(places, random))) as unknown
  },
  // References to everywhere, its own place among them.
  (holder, key, random, places) => {
    holder[key] = { $ref: pick(['#', '#/', '#/paths', '#/components/schemas', `#/${key}`, ...refsIn(places)], random) }
  },
  (holder, key, random) => {
    holder[key] = nest(pick([10, 60, 700], random), pick(['items', 'allOf', 'properties', 'not', 'x'], random))
  },
  (holder, key, random) => {
    holder[key] = pick(['x', '../', '%00', '\u202e', '{', '€', '('], random).repeat(1 + Math.floor(random() * 20_000))
  },
  (holder, key, random) => {
    holder[pick(NAMES, random)] = holder[key]
  },
]

const NAMES = [
  '__proto__',
  'constructor',
  'toString',
  '$ref',
  '',
  '/',
  '/{a}/{a}',
  '/%2e%2e/{x}',
  '/../x',
  '//host/x',
  '{x}',
  'get',
  'a\r\nb',
  'allOf',
  'properties',
  'x'.repeat(5000),
]

const JUNK: readonly unknown[] = [
  null,
  true,
  false,
  0,
  -1,
  1e308,
  2 ** 53 + 1,
  '',
  ' ',
  '#/components/schemas/Nowhere',
  'object',
  '(((((a+)+)+)+)+)$',
  [],
  [null],
  [[[]]],
  ['object', 'null', 7],
  {},
  { $ref: 7 },
  { $ref: '#' },
  { type: {} },
  { allOf: {} },
  { enum: 'a' },
  { properties: [] },
  { '': '' },
]

function refsIn(places: readonly Container[]): string[] {
  return places.flatMap(({ $ref }) => (typeof $ref === 'string' ? [$ref] : []))
}

function nest(depth: number, key: string): unknown {
  let value: unknown = { type: 'string' }
  for (let level = 0; level < depth; level++)
    value =
      key === 'allOf' ? { allOf: [value] } : key === 'properties' ? { properties: { a: value } } : { [key]: value }
  return value
}
