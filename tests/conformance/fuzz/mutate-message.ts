import type { Asked } from '../../../packages/mcp/src/testing/hosted.ts'
import { pick } from '../../corpus/judge/seeded-random.ts'

type Random = () => number

/** A message with one to four faults: in its members, in its headers, or in its bytes. */
export function mutateMessage(asked: Asked, random: Random): Asked {
  let { headers = {} } = asked
  let message: unknown = {
    jsonrpc: '2.0',
    ...(asked.id === null ? {} : { id: asked.id ?? 1 }),
    method: asked.method,
    ...(asked.params ? { params: structuredClone(asked.params) } : {}),
  }
  const faults = 1 + Math.floor(random() * 4)
  for (let n = 0; n < faults; n++) {
    if (random() < 0.3) headers = mutateHeaders(headers, random)
    else message = mutateValue(message, random)
  }
  const text = JSON.stringify(message) ?? 'null'
  return { headers, body: random() < 0.1 ? mutateText(text, random) : text }
}

const VALUES: readonly unknown[] = [
  null,
  true,
  0,
  -1,
  1.5,
  1e300,
  '',
  'x',
  '__proto__',
  '\u0000',
  '\ud800',
  'x'.repeat(10_000),
  [],
  [[[]]],
  {},
  { constructor: { prototype: {} } },
  'tools/call',
  'tools/list',
  'initialize',
  '2026-07-28',
  '2025-11-25',
  '2099-01-01',
]

function mutateValue(value: unknown, random: Random): unknown {
  if (typeof value !== 'object' || value === null || random() < 0.05) return pick(VALUES, random)
  if (Array.isArray(value)) return random() < 0.5 ? [...value, pick(VALUES, random)] : value.slice(1)
  const members = Object.entries(value)
  if (members.length === 0 || random() < 0.1) return { ...value, [pick(NAMES, random)]: pick(VALUES, random) }
  const at = Math.floor(random() * members.length)
  const [name, member] = members[at]!
  const kind = random()
  if (kind < 0.2) return Object.fromEntries(members.filter((_member, index) => index !== at))
  if (kind < 0.3)
    return Object.fromEntries(members.map(([key, one], index) => [index === at ? pick(NAMES, random) : key, one]))
  return { ...value, [name]: kind < 0.6 ? pick(VALUES, random) : mutateValue(member, random) }
}

const NAMES = [
  'id',
  'method',
  'params',
  'result',
  'error',
  'jsonrpc',
  '_meta',
  'name',
  'arguments',
  'cursor',
  'task',
  'x',
  'toString',
]

const HEADERS = [
  'mcp-protocol-version',
  'mcp-method',
  'mcp-name',
  'accept',
  'content-type',
  'mcp-session-id',
  'last-event-id',
]

const HEADER_VALUES = [
  undefined,
  '',
  'x',
  '*/*',
  '2026-07-28',
  '2025-11-25',
  '2025-03-26',
  '2027-12-31',
  'tools/list',
  '=?base64?eA==?=',
  '=?base64?%%%?=',
  'eyJ9.AAAA',
  'x'.repeat(4_000),
]

function mutateHeaders(headers: NonNullable<Asked['headers']>, random: Random): NonNullable<Asked['headers']> {
  return { ...headers, [pick(HEADERS, random)]: pick(HEADER_VALUES, random) }
}

function mutateText(text: string, random: Random): string {
  const at = Math.floor(random() * text.length)
  const kind = random()
  if (kind < 0.3) return text.slice(0, at)
  if (kind < 0.5) return `${text.slice(0, at)}${text.slice(at + 1)}`
  if (kind < 0.7) return `[${text},${text}]`
  if (kind < 0.85) return text.replace('{', '{"jsonrpc":"2.0",')
  return `${'{"a":'.repeat(200)}1${'}'.repeat(200)}`
}
