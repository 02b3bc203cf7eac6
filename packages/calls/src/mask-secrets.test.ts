import { describe, expect, test } from 'vitest'
import { maskSecrets } from './mask-secrets.ts'

const SECRET = 'ab/cd+ef/gh"ij=kl'
const mask = maskSecrets([SECRET])

const inUnicode = (text: string) =>
  [...text].map((char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`).join('')
const asJson = (text: string) => JSON.stringify(text).slice(1, -1)
const asPhp = (text: string) => asJson(text).replaceAll('/', '\\/')
const NAMED: Record<string, string> = { '"': '&quot;', '/': '&sol;', '+': '&plus;', '=': '&equals;', '&': '&amp;' }
const asHtml = (text: string) => text.replaceAll(/["&<>]/g, (char) => NAMED[char] ?? `&#${char.charCodeAt(0)};`)

describe('S34 B144 a secret is found however it is spelled', () => {
  test.each([
    ['as it is', SECRET],
    ['as JSON', asJson(SECRET)],
    ['as PHP writes JSON', asPhp(SECRET)],
    ['in \\u alone', inUnicode(SECRET)],
    ['in \\u, upper-case', inUnicode(SECRET).toUpperCase().replaceAll('\\U', '\\u')],
    ['with \\u here and there', 'ab\\u002Fcd\\u002bef/gh\\"ij\\u003dkl'],
    ['as JSON in JSON', asJson(asPhp(SECRET))],
    ['as JSON in JSON in JSON', asJson(asJson(asPhp(SECRET)))],
    ['in \\u in JSON', asJson(inUnicode(SECRET))],
    ['with named entities', asHtml(SECRET)],
    ['with named entities for all', SECRET.replaceAll(/["/+=]/g, (char) => NAMED[char]!)],
    ['with decimal entities', 'ab/cd+ef/gh&#34;ij=kl'],
    ['with zeros before them', 'ab/cd+ef/gh&#00034;ij=kl'],
    ['with hexadecimal entities', 'ab&#x2F;cd&#x2b;ef&#X2f;gh&#x22;ij&#x3D;kl'],
    ['with entities twice', 'ab/cd+ef/gh&amp;quot;ij=kl'],
    ['as JSON in HTML', asHtml(asPhp(SECRET))],
    ['as HTML in JSON', asJson(asHtml(SECRET))],
    ['as HTML in JSON of Go', asHtml(SECRET).replaceAll('&', '\\u0026')],
    ['as in a URL', encodeURIComponent(SECRET)],
    ['as in a URL, in part', 'ab/cd%2bef/gh%22ij=kl'],
    ['as in a URL, twice', encodeURIComponent(encodeURIComponent(SECRET))],
    ['as in a URL, in JSON in HTML', asHtml(asPhp(`${encodeURIComponent('ab/cd')}+ef/gh"ij=kl`))],
    ['in base64', Buffer.from(SECRET).toString('base64')],
    ['in base64 in a URL', encodeURIComponent(Buffer.from(SECRET).toString('base64'))],
    ['in a script', 'ab\\x2fcd\\x2Bef/gh\\"ij=kl'],
  ])('%s', (_name, spelled) => {
    expect(mask.text(`<b>${spelled}</b> & so on\\n`)).toBe('<b>[masked]</b> & so on\\n')
    const page = Buffer.concat([Buffer.from([0xff]), Buffer.from(spelled), Buffer.from([0xfe])])
    expect(mask.bytes(page)).toEqual(Buffer.concat([Buffer.from([0xff]), Buffer.from('[masked]'), Buffer.from([0xfe])]))
  })

  test.each([
    ['user&pass<word>', 'user&amp;pass&lt;word&gt;'],
    ['back\\slash\\secret', 'back\\\\slash\\\\secret'],
    ['back\\slash\\secret', 'back\\\\\\\\slash\\\\\\\\secret'],
    ['back\\u0041slash', 'back\\\\u0041slash'],
    ['hundred%41percent', 'hundred%2541percent'],
    ['two\nlines\tof it', 'two\\nlines\\tof it'],
    ['two\nlines\tof it', 'two&#10;lines&Tab;of it'],
    ['schlüssel-zum-tor', 'schl\\u00fcssel-zum-tor'],
    ['schlüssel-zum-tor', 'schl&uuml;ssel-zum-tor'],
    ['schlüssel-zum-tor', 'schl%C3%BCssel-zum-tor'],
    ['key-😀-of-smiles', 'key-\\ud83d\\ude00-of-smiles'],
    ['key-😀-of-smiles', 'key-&#128512;-of-smiles'],
    ['key-😀-of-smiles', 'key-%F0%9F%98%80-of-smiles'],
    ['words of a form', 'words+of%20a+form'],
    ['user:pa/ss"word', 'pa\\/ss\\"word'],
  ])('%s as %s', (secret, spelled) => {
    expect(maskSecrets([secret]).text(`{"k":"${spelled}"`)).toBe('{"k":"[masked]"')
  })

  test.each([
    ['an API key', SECRET, (secret: string) => secret],
    ['a password alone', 'user:pa/ss"word of it', () => 'pa/ss"word of it'],
    ['a short one', 'abcd1234', (secret: string) => secret],
  ])('within something that is in base64 as a whole, wherever in it: %s', (_name, secret, inner) => {
    const { text, json, bytes } = maskSecrets([secret])
    for (let before = 0; before < 7; before++) {
      for (let after = 0; after < 4; after++) {
        for (const form of ['base64', 'base64url'] as const) {
          const whole = Buffer.from(`${'p'.repeat(before)}${inner(secret)}${'s'.repeat(after)}`).toString(form)
          const said = `{"header":"${whole}"}`
          for (const masked of [text(said), json(said), Buffer.from(bytes(Buffer.from(said))).toString('latin1')]) {
            expect(masked).toContain('[masked]')
            // What is left is what stood around it, with no more than the odd bits at its ends.
            const left = masked.length - '{"header":"[masked]"}'.length
            expect(left).toBeLessThanOrEqual(Math.ceil(((before + after + 2) * 8) / 6) + 2)
          }
        }
      }
    }
    expect(text(encodeURIComponent(Buffer.from(`Bearer ${inner(secret)}`).toString('base64')))).toContain('[masked]')
  })

  test('wherever in a long text it stands, among escapes or far from them', () => {
    for (const [gap, spelled] of [
      ['x'.repeat(1000), asPhp(SECRET)],
      ['\\"'.repeat(500), inUnicode(SECRET)],
      ['&amp;'.repeat(200), asHtml(SECRET)],
    ] as const) {
      // Each lies elsewhere among the stretches that are read at once.
      const text = Array.from({ length: 200 }, (_, at) => gap + 'y'.repeat(at * 7) + spelled)
      expect(mask.text(text.join(''))).toBe(text.map((part) => part.replace(spelled, '[masked]')).join(''))
    }
  })

  test('time grows with the text, not with what a secret could be taken for', () => {
    const hostile = maskSecrets([`${'\\&%'.repeat(700)}the end`, `${'a'.repeat(2000)}b`])
    for (const unit of ['\\', '&', '%', '&#', '\\u', 'a', '\\&%', '&amp;']) {
      const text = unit.repeat(1_000_000 / unit.length)
      expect(hostile.text(text) === text).toBe(true)
    }
  })
})

describe('B143 B144 JSON is changed only where it holds a secret', () => {
  const ODD = '{"u":"http:\\/\\/x","d":1.10,"c":-0,"f":1E2,"a":1,"a":2,"10":1,"2":3}'

  test('what holds none is the very text', () => expect(mask.json(ODD)).toBe(ODD))

  test('what holds one keeps all else', () =>
    expect(mask.json(ODD.replace('http', asPhp(SECRET)))).toBe(ODD.replace('http', '[masked]')))

  test.each([
    ['a character before it that is escaped', 'key-of-doors', '{"a":"\\nkey-of-doors\\n"}', '{"a":"\\n[masked]\\n"}'],
    ['its first character escaped', '/key/of/doors', '{"a":"x\\/key/of/doors"}', '{"a":"x[masked]"}'],
    ['its last one a backslash', 'key-of-doors\\', '{"a":"key-of-doors\\\\"}', '{"a":"[masked]\\\\"}'],
    ['that only seems to begin in an escape', 'nkey-of-doors', '{"a":"\\nkey-of-doors"}', '{"a":"[masked]"}'],
    ['a name', 'key-of-doors', '{"key-of\\u002ddoors":[1]}', '{"[masked]":[1]}'],
    ['a number', '1234567890', '{"a":[1234567890,-1234567890.5,7]}', '{"a":["[masked]","[masked]",7]}'],
  ])('%s', (_name, secret, json, want) => {
    const masked = maskSecrets([secret]).json(json)
    expect(masked).toBe(want)
    JSON.parse(masked)
  })

  test('many texts, with a secret in them and without', () => {
    const random = randomFrom(20_260)
    for (let round = 0; round < 400; round++) {
      const json = randomJson(random, 4)
      expect(mask.json(json)).toBe(json)
      expect(mask.text(json)).toBe(json)
      // Where the value of a member is a secret, however it is spelled.
      const spelled = [...SECRET].map((char) => randomSpelling(random, char)).join('')
      expect(mask.json(`{"before":${json},"k":"${spelled}","after":${json}}`)).toBe(
        `{"before":${json},"k":"[masked]","after":${json}}`,
      )
    }
  })
})

type Random = (below: number) => number

/** The same numbers at each run (mulberry32). */
function randomFrom(seed: number): Random {
  let state = seed
  return (below) => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below
  }
}

const NUMBERS = ['0', '-0', '1.10', '1E2', '1e400', '-0.0', '9007199254740993', '10', '2.50e-07']
const PIECES = ['a', '\\"', '\\\\', '\\/', '\\n', '\\u0041', '\\ud83d\\ude00', '\\ud800', '&amp;', '&', '%2F', '%', 'ü']
const SPACES = ['', '', ' ', '\n\t']

function randomJson(random: Random, depth: number): string {
  const one = <T>(list: readonly T[]) => list[random(list.length)]!
  const text = () => `"${Array.from({ length: random(9) }, () => one(PIECES)).join('')}"`
  const kind = random(depth > 0 ? 5 : 3)
  if (kind === 0) return one(NUMBERS)
  if (kind === 1) return one(['true', 'false', 'null'])
  if (kind === 2) return text()
  const values = Array.from({ length: random(5) }, () => randomJson(random, depth - 1))
  if (kind === 3) return `[${values.join(`,${one(SPACES)}`)}]`
  // Few names, so that some stand twice; those of digits would be put first by a parser.
  const members = values.map((value) => `${one(['"a"', '"10"', '"2"', text()])}${one(SPACES)}:${one(SPACES)}${value}`)
  return `{${members.join(`,${one(SPACES)}`)}}`
}

function randomSpelling(random: Random, char: string): string {
  const code = char.charCodeAt(0)
  const spellings = [
    asPhp(char),
    `\\u${code.toString(16).padStart(4, '0')}`,
    `&#${code};`,
    `&#x${code.toString(16)};`,
    `\\u0026#${code};`,
    `%${code.toString(16)}`,
    ...(NAMED[char] ? [NAMED[char]] : []),
    ...(char === '"' ? [] : [char]),
  ]
  return spellings[random(spellings.length)]!
}
