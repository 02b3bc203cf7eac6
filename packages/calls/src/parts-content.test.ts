import { LIMITS } from '@sluice/contract'
import { describe, expect, test } from 'vitest'
import { callOnce, type Setting } from './testing/call-once.ts'

const part = (headers: string, body: string) => `--b\r\n${headers}\r\n\r\n${body}\r\n`
const mixed = async (parts: string[], setting: Setting = {}) => {
  const answer = { headers: [['content-type', 'multipart/mixed; boundary=b']] as const, body: `${parts.join('')}--b--` }
  const { outcome } = await callOnce({ ...setting, answer: { ...answer, headers: [...answer.headers] } })
  return outcome
}
const contentOf = async (...args: Parameters<typeof mixed>) => {
  const outcome = await mixed(...args)
  if (!outcome.ok) throw new Error(outcome.message)
  return outcome.content
}
const PNG = part('Content-Type: image/png\r\nContent-Transfer-Encoding: base64', 'iVBORw0KGgo=')

describe('B126 an answer of several parts', () => {
  test('is as many blocks, each as what it is', async () => {
    const named = part('Content-Type: application/json\r\nContent-Location: shop://order/1', '{"a":1}')
    const attached = part('Content-Type: text/csv\r\nContent-Disposition: attachment; filename="a b.csv"', 'a,b')
    const bytes = part('Content-Type: application/pdf\r\nContent-Transfer-Encoding: base64', 'AAAA')
    const json = part('Content-Type: application/json', '{"b": 2}')
    expect(await contentOf([part('Content-Type: text/plain', 'Hi'), PNG, named, attached, bytes, json])).toEqual([
      { type: 'text', text: 'Hi' },
      { type: 'image', data: 'iVBORw0KGgo=', mimeType: 'image/png' },
      { type: 'resource', resource: { uri: 'shop://order/1', mimeType: 'application/json', text: '{"a":1}' } },
      { type: 'resource', resource: { uri: 'sluice://answer/a%20b.csv', mimeType: 'text/csv', text: 'a,b' } },
      { type: 'resource', resource: { uri: 'sluice://answer/part-5', mimeType: 'application/pdf', blob: 'AAAA' } },
      { type: 'text', text: '{"b": 2}' },
    ])
  })

  test.each(['javascript:alert(1)', 'data:text/html,x', 'file:///etc/passwd', 'not a uri', '/relative'])(
    'S33 names nothing that a client would run or read by itself: %s',
    async (location) => {
      const [block] = await contentOf([part(`Content-Type: text/plain\r\nContent-Location: ${location}`, 'x')])
      expect(block).toMatchObject({ resource: { uri: 'sluice://answer/part' } })
    },
  )

  test('costs what a result may, all of it together', async () => {
    const long = part('Content-Type: text/plain', 'ü'.repeat(LIMITS.resultBytes / 3))
    const content = await contentOf([long, long])
    const texts = content.map((block) => (block as { text: string }).text)
    expect(texts[0]).toHaveLength(LIMITS.resultBytes / 3)
    expect(texts[1]!.length).toBeLessThan(LIMITS.resultBytes / 3)
    expect(texts[2]).toMatch(/^\[\d+ of the 16384 bytes of this text\/plain are shown\.\]$/)
  })

  test('S40 secrets are masked in each part, and what is redacted in one is in all', async () => {
    const echo = part('Content-Type: application/json', '{"key":"sk-live-4242","mail":"ada@example.com"}')
    const setting: Setting = {
      operation: { security: [{ header: [] }] },
      credentials: { header: 'sk-live-4242' },
      steps: { redaction: { detectors: ['email'] } },
    }
    const text = JSON.stringify(await contentOf([echo, part('Content-Type: text/plain', 'ada@example.com')], setting))
    expect(text).not.toContain('sk-live-4242')
    expect(text).not.toContain('ada@example.com')
  })

  test('that keeps to no boundary is bytes, as before', async () => {
    const outcome = await callOnce({ answer: { headers: [['content-type', 'multipart/mixed']], body: 'x' } })
    expect(outcome.outcome).toMatchObject({
      content: [{ type: 'resource', resource: { mimeType: 'multipart/mixed' } }],
    })
  })

  test('within another is shown as it is', async () => {
    const inner = part('Content-Type: multipart/mixed; boundary=c', '--c\r\n\r\nx\r\n--c--')
    expect(await contentOf([inner])).toMatchObject([{ type: 'text', text: expect.stringContaining('--c') }])
  })
})
