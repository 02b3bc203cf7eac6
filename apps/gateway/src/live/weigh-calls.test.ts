import { countTokens } from '@sluice/tokenizer'
import { afterAll, describe, expect, test } from 'vitest'
import { processesBelow } from '../../../../tests/support/processes.ts'
import { createCallWeigher } from './weigh-calls.ts'

describe('what answers cost a model', () => {
  const weigher = createCallWeigher()
  afterAll(() => weigher.close())
  const raw = JSON.stringify({ orders: Array.from({ length: 50 }, (_, n) => ({ id: n, state: 'paid' })) })

  /** Its process takes a moment to start. */
  const ready = async (one: typeof weigher) => {
    while ((await one.weigh('other', { raw: 'a', sent: 'a' })).isReckoned)
      await new Promise((resolve) => setTimeout(resolve, 20))
  }

  test('while the process that counts starts it is reckoned, so that no call is told late', async () => {
    expect(await weigher.weigh('new', { raw: 'x'.repeat(100), sent: '' })).toEqual({
      raw: 28,
      sent: 0,
      isReckoned: true,
    })
    await ready(weigher)
  })

  test('is counted: of the answer as it came, and of what was sent', async () => {
    const sent = raw.slice(0, 100)
    expect(await weigher.weigh('t', { raw, sent })).toEqual({ raw: countTokens(raw), sent: countTokens(sent) })
    expect(await weigher.weigh('t', { raw, sent: raw })).toEqual({ raw: countTokens(raw), sent: countTokens(raw) })
  })

  test('of a burst some are counted and the others reckoned by what the tool weighed before', async () => {
    const all = await Promise.all(Array.from({ length: 200 }, () => weigher.weigh('t', { raw, sent: raw })))
    const reckoned = all.filter(({ isReckoned }) => isReckoned)
    expect(reckoned.length).toBeGreaterThan(0)
    expect(reckoned.length).toBeLessThan(200)
    for (const tokens of reckoned) {
      expect(Math.abs(tokens.raw - countTokens(raw)) / countTokens(raw)).toBeLessThan(0.1)
      expect(tokens.sent).toBe(tokens.raw)
    }
  })

  test('once it is settled, whoever waited has been told', async () => {
    const heard: boolean[] = []
    const weighed = [1, 2].map(() => weigher.weigh('t', { raw, sent: '' }).then(() => heard.push(true)))
    await weigher.settled()
    expect(heard).toEqual([true, true])
    await Promise.all(weighed)
  })

  test('who waits when the process that counts is killed is told what is reckoned, and the next calls have another', async () => {
    const [pid] = processesBelow(process.pid, 'token-process')
    const weighed = weigher.weigh('t', { raw, sent: '' })
    process.kill(pid!, 'SIGKILL')
    expect(await weighed).toMatchObject({ sent: 0, isReckoned: true })
    await ready(weigher)
    expect(await weigher.weigh('t', { raw, sent: '' })).toEqual({ raw: countTokens(raw), sent: 0 })
  })

  test('who waits when it is closed is told what is reckoned', async () => {
    const closing = createCallWeigher()
    await ready(closing)
    const weighed = closing.weigh('t', { raw, sent: '' })
    await closing.close()
    expect(await weighed).toMatchObject({ sent: 0, isReckoned: true })
  })
})
