import { describe, expect, test } from 'vitest'
import { databaseHealth } from './database-health.ts'

const answering = { ping: async () => {} }
const failing = { ping: () => Promise.reject(new Error('gone')) }
const hanging = { ping: () => new Promise<void>(() => {}) }

describe('whether the database answers', () => {
  test.each([
    ['answers', answering, 0, undefined],
    ['answers, and its news are old', answering, 6_000, /served from memory/],
    ['fails', failing, 0, /does not answer/],
    ['hangs', hanging, 0, /does not answer/],
  ] as const)('ready where it %s', async (_what, store, staleMs, reason) => {
    const said = await databaseHealth({ kind: 'postgres', ...store }, () => staleMs, 20).notReady()
    if (reason) expect(said).toMatch(reason)
    else expect(said).toBeUndefined()
  })

  test.each([
    ['lets through who needs it while it gives news', 'postgres', hanging, 0, true],
    ['and where it answers again', 'postgres', answering, 6_000, true],
    ['refuses at once where it hangs', 'postgres', hanging, 6_000, false],
    ['never refuses for the embedded one, which is busy and not gone', 'pglite', hanging, 6_000, true],
  ] as const)('%s', async (_what, kind, store, staleMs, passes) => {
    const needed = databaseHealth({ kind, ...store }, () => staleMs, 20).needDatabase()
    if (passes) await needed
    else await expect(needed).rejects.toMatchObject({ code: 'database-unavailable' })
  })
})
