import type { Redaction } from '@sluice/contract'
import { describe, expect, test } from 'vitest'
import { callOnce, textOf } from './testing/call-once.ts'

const redacted = async (redaction: Redaction, body: string, type = 'application/json', status = 200) =>
  textOf(
    (await callOnce({ steps: { redaction }, answer: { status, body, headers: [['content-type', type]] } })).outcome,
  )

describe('what is shaped like something personal is taken out', () => {
  test.each<[NonNullable<Redaction['detectors']>[number], string, string]>([
    ['email', 'ada.l+x@mail.example.co.uk, @ada, a@b', '[email], @ada, a@b'],
    ['email', 'jürgen@müller.de', '[email]'],
    ['phone', 'call +49 (0)30 1234-567 or +14155550123', 'call [phone] or [phone]'],
    ['phone', 'order 0301234567, +12, 2026-11-25', 'order 0301234567, +12, 2026-11-25'],
    ['card', '4111-1111-1111-1111 and 5555555555554444', '[card] and [card]'],
    ['card', '4111111111111112, 1234567890123, 0000000000000000', '4111111111111112, 1234567890123, 0000000000000000'],
    ['iban', 'DE89 3704 0044 0532 0130 00, GB82WEST12345698765432', '[iban], [iban]'],
    ['iban', 'DE00 3704 0044 0532 0130 00', 'DE00 3704 0044 0532 0130 00'],
    ['token', 'ghp_abcdefghijklmnopqrstuvwxyz0123456789 AKIAABCDEFGHIJKLMNOP', '[token] [token]'],
    ['token', 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0xyz.c2lnbmF0dXJl done', '[token] done'],
    ['token', 'skate, task-force-one-two-three', 'skate, task-force-one-two-three'],
  ])('%s in "%s"', async (kind, text, want) => {
    expect(JSON.parse(await redacted({ detectors: [kind] }, JSON.stringify({ text })))).toEqual({ text: want })
    expect(await redacted({ detectors: [kind] }, text, 'text/plain')).toBe(want)
  })

  test('names of members too, however many become the same', async () => {
    const body = JSON.stringify({ 'ada@example.com': 1, of: { 'bob@example.com': 2, 'eve@example.com': 3 } })
    expect(await redacted({ detectors: ['email'] }, body)).toBe('{"[email]":1,"of":{"[email]":2,"[email] 2":3}}')
  })

  test('a number that is a card, and nothing that was not asked for', async () => {
    expect(await redacted({ detectors: ['card'] }, '{"n":4111111111111111,"m":12,"e":"a@b.de","x":1.0}')).toBe(
      '{"n":"[card]","m":12,"e":"a@b.de","x":1.0}',
    )
  })

  test('S34 failures too', async () => {
    expect(await redacted({ detectors: ['email'] }, '{"who":"ada@b.de"}', 'application/json', 500)).toContain(
      '"who":"[email]"',
    )
  })

  test('a long text takes no long time', async () => {
    const hard = [
      'a@'.repeat(50_000),
      '1 '.repeat(50_000),
      'DE00 '.repeat(20_000),
      '+1 '.repeat(50_000),
      'eyJ'.repeat(50_000),
    ].join('\n')
    const all = { detectors: ['email', 'phone', 'card', 'iban', 'token'] } as Redaction
    expect((await redacted(all, JSON.stringify(hard))).length).toBeGreaterThan(10_000)
  })
})

describe('fields are taken out by their paths', () => {
  const BODY = '{"a":{"b":1,"c":[{"b":2,"d":{"b":[3]}}]},"b":{"x":null},"__proto__":{"b":4}}'
  test.each<[string, string]>([
    ['a.b', '{"a":{"b":"[redacted]","c":[{"b":2,"d":{"b":[3]}}]},"b":{"x":null},"__proto__":{"b":4}}'],
    ['a.c.b', '{"a":{"b":1,"c":[{"b":"[redacted]","d":{"b":[3]}}]},"b":{"x":null},"__proto__":{"b":4}}'],
    ['*.b', '{"a":{"b":"[redacted]","c":[{"b":2,"d":{"b":[3]}}]},"b":{"x":null},"__proto__":{"b":"[redacted]"}}'],
    [
      '**.b',
      '{"a":{"b":"[redacted]","c":[{"b":"[redacted]","d":{"b":"[redacted]"}}]},"b":"[redacted]","__proto__":{"b":"[redacted]"}}',
    ],
    [
      'a.**.b',
      '{"a":{"b":"[redacted]","c":[{"b":"[redacted]","d":{"b":"[redacted]"}}]},"b":{"x":null},"__proto__":{"b":4}}',
    ],
    ['nothing.here', BODY],
  ])('%s', async (path, want) => expect(await redacted({ fields: [path] }, BODY)).toBe(want))

  test('lists at the root are looked into', async () =>
    expect(await redacted({ fields: ['b'] }, '[{"b":1},[{"b":2}]]')).toBe('[{"b":"[redacted]"},[{"b":"[redacted]"}]]'))
})

describe('S34 data never passes as it is because it is called something else', () => {
  const all: Redaction = { detectors: ['email'], fields: ['**.ssn'] }
  const PERSON = '{"who":"ada@b.de","ssn":"123-45-6789"}'
  const CLEAN = '{"who":"[email]","ssn":"[redacted]"}'
  const ESCAPED = '{"who":"ada\\u0040b.de"}'

  test.each([
    ['JSON that is called text', 'text/plain', PERSON, CLEAN],
    ['lines of JSON', 'application/x-ndjson', `${PERSON}\n${PERSON}\n`, `${CLEAN}\n${CLEAN}\n`],
    ['escapes in lines of JSON', 'application/x-ndjson', `${ESCAPED}\n{}`, '{"who":"[email]"}\n{}'],
    [
      'events',
      'text/event-stream',
      `event: x\ndata: ${PERSON}\n\n: ada@b.de\n`,
      `event: x\ndata: ${CLEAN}\n\n: [email]\n`,
    ],
  ])('%s', async (_name, type, body, want) => {
    expect(await redacted(all, body, type)).toBe(want)
  })

  test('bytes that are text', async () => {
    const answer = { body: PERSON, headers: [['content-type', 'application/octet-stream']] as [string, string][] }
    const { outcome } = await callOnce({ steps: { redaction: all }, answer })
    const [block] = outcome.ok ? outcome.content : []
    const { blob } = (block as { resource: { blob: string } }).resource
    expect(Buffer.from(blob, 'base64').toString()).toBe(CLEAN)
  })

  test.each([
    ['XML', 'application/xml', '<ssn>123-45-6789</ssn>'],
    ['broken JSON', 'application/json', '{"ssn":"123-45-6789"'],
    ['a plain text', 'text/plain', 'ssn 123-45-6789'],
    ['a file', 'application/pdf', '%PDF\u0000123-45-6789'],
  ])('%s has no fields, so it is not shown', async (_name, type, body) => {
    expect(await redacted({ fields: ['ssn'] }, body, type)).toMatch(
      /^The redaction of .* cannot look into an answer of/,
    )
    expect(await redacted({ fields: ['ssn'] }, body, type, 500)).toMatch(/answered 500.*\[redacted\]$/)
  })

  test('detectors look into any text, also where it is broken JSON with escapes', async () => {
    const emails: Redaction = { detectors: ['email'] }
    expect(await redacted(emails, '<a>ada@b.de</a>', 'application/xml')).toBe('<a>[email]</a>')
    expect(await redacted(emails, ESCAPED.slice(0, -1))).toBe('{"who":"[email]"')
    expect(await redacted(emails, '%PDF\u0000', 'application/pdf')).toMatch(/cannot look into/)
  })

  test('a picture is no text', async () => {
    const answer = {
      body: Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0),
      headers: [['content-type', 'image/png']] as [string, string][],
    }
    const { outcome } = await callOnce({ steps: { redaction: all }, answer })
    expect(outcome).toMatchObject({ ok: true, content: [{ type: 'image' }] })
  })
})
