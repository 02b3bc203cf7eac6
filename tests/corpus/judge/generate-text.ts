import type { JsonSchema } from '@sluice/contract'
import { linearTest } from '@sluice/schema'
import { seededRandom, seedOf } from './seeded-random.ts'
import { textForPattern } from './text-for-pattern.ts'

/** A text for a schema: of its format, by its pattern, of the length it wants. */
export function generateText(schema: JsonSchema, random: () => number): string {
  const least = typeof schema.minLength === 'number' ? schema.minLength : 0
  const most = typeof schema.maxLength === 'number' ? schema.maxLength : Number.POSITIVE_INFINITY
  const pattern = typeof schema.pattern === 'string' ? schema.pattern : undefined
  const fits = (text: string) => text.length >= least && text.length <= most && (!pattern || matches(pattern, text))
  const told = toldTexts(schema).filter(fits)
  if (told.length > 0 && random() < 0.3) return told[0]!
  const own = BY_FORMAT[String(schema.format)]?.(random)
  if (own !== undefined && fits(own)) return own
  if (pattern) return forPattern(pattern, random, fits, least) ?? told[0] ?? sized('text', least, most)
  return sized(`value ${Math.floor(random() * 1000)}`, least, most)
}

function toldTexts(schema: JsonSchema): string[] {
  const examples = Array.isArray(schema.examples) ? schema.examples : []
  return [...examples, schema.default].filter((text): text is string => typeof text === 'string' && text !== '')
}

/** In linear time: published patterns go on for hours over a text of a hundred characters. */
function matches(pattern: string, text: string): boolean {
  const test = linearTest(pattern)
  if (test) return test(text)
  try {
    return new RegExp(pattern, 'u').test(text)
  } catch {
    return true
  }
}

function forPattern(
  pattern: string,
  random: () => number,
  fits: (text: string) => boolean,
  least: number,
): string | undefined {
  // What stands around a repetition counts too, and several repetitions share the length.
  const counts = [
    0,
    -1,
    ...Array.from({ length: 24 }, (_item, index) => Math.max(1, least - index)),
    Math.ceil(least / 2),
    1,
    2,
  ]
  for (const count of counts) {
    const text = textForPattern(pattern, random, count)
    const long = text !== undefined && !pattern.endsWith('$') ? text.padEnd(least, 'x') : text
    if (long !== undefined && fits(long)) return long
  }
  return undefined
}

function sized(text: string, least: number, most: number): string {
  const cut = text.length > most ? text.replaceAll(' ', '').slice(0, Math.max(most, 0)) : text
  return cut.padEnd(Math.min(least, 100_000), 'x')
}

const number = (random: () => number, digits: number) =>
  String(Math.floor(random() * 10 ** digits)).padStart(digits, '1')

const BY_FORMAT: Record<string, (random: () => number) => string> = {
  date: () => '2026-03-14',
  'date-time': () => '2026-03-14T15:09:26Z',
  time: () => '15:09:26Z',
  duration: () => 'P3D',
  email: (random) => `person${number(random, 3)}@example.com`,
  uuid: (random) => uuid(random),
  uri: (random) => `https://example.com/page/${number(random, 3)}`,
  'uri-reference': () => '/page?x=1',
  url: () => 'https://example.com/page',
  hostname: () => 'host.example.com',
  ipv4: () => '192.0.2.7',
  ipv6: () => '2001:db8::7',
  byte: () => 'aGVsbG8=',
  binary: () => 'aGVsbG8=',
  regex: () => '^a+$',
  'json-pointer': () => '/a/b',
}

function uuid(random: () => number): string {
  const hex = seededRandom(seedOf(String(random())))
  return 'xxxxxxxx-xxxx-4xxx-8xxx-xxxxxxxxxxxx'.replaceAll('x', () => Math.floor(hex() * 16).toString(16))
}
