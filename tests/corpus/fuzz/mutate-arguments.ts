import { pick } from '../judge/seeded-random.ts'

/** Arguments of which some are what no schema asks for, and some are what an attacker would try. */
export function mutateArguments(
  args: Readonly<Record<string, unknown>>,
  random: () => number,
): Record<string, unknown> {
  const copy = structuredClone(args) as Record<string, unknown>
  const names = Object.keys(copy)
  for (const name of names) if (random() < 0.4) copy[name] = pick(HOSTILE, random)()
  if (random() < 0.2) copy[pick(['undeclared', '__proto__', 'constructor', ''], random)] = pick(HOSTILE, random)()
  return copy
}

const TEXTS = [
  '',
  '.',
  '..',
  '../..',
  '%2e%2e',
  '%2E%2e/',
  '/',
  '//evil.example/',
  'a/b',
  'a\\b',
  '?x=1',
  '#x',
  '@evil.example',
  ':80',
  'a;b=c',
  'a&b=c',
  'a\r\nx-evil: 1',
  '\n',
  '\u0000',
  '\ud800',
  '\u202e',
  'ü €',
  '%',
  '%zz',
  '{id}',
  '=',
  ',',
  '|',
  ' ',
  'data:,%zz',
  'data:;base64,%%%',
  '--boundary',
  'x'.repeat(100_000),
]

const HOSTILE: ReadonlyArray<() => unknown> = [
  ...TEXTS.map((text) => () => text),
  () => null,
  () => undefined,
  () => Number.NaN,
  () => Number.POSITIVE_INFINITY,
  () => -0,
  () => 1e300,
  () => [],
  () => [[], [[]]],
  () => [null, '', '..'],
  () => ['/', '/'],
  () => ({}),
  () => ({ '': '' }),
  () => ({ '/': '..', 'a&b': 'c=d' }),
  () => ({ 'x\r\ny': '\r\n' }),
  () => JSON.parse('{"__proto__": {"polluted": 1}, "constructor": 1, "toString": 2, "valueOf": 3}') as unknown,
  () => [{ valueOf: 1 }, { valueOf: 2 }],
  () => [{ a: 1 }, { a: 2 }],
  () => ({ filename: '../../etc/passwd"\r\n', contentType: 'text/html\r\nx: y', data: 'aGk=' }),
  () => ({ data: 'data:,%' }),
  () => deep(60),
]

function deep(levels: number): unknown {
  let value: unknown = 'x'
  for (let level = 0; level < levels; level++) value = level % 2 === 0 ? [value] : { a: value }
  return value
}
