import { afterAll, describe, expect, test } from 'vitest'
import { createSpecReader } from './spec-reader.ts'

describe('documents are read off the event loop', () => {
  const specs = createSpecReader()
  afterAll(() => specs.close())
  const small = (title: string) =>
    specs.read({ text: `openapi: 3.1.0\ninfo: {title: ${title}}\npaths: {/a: {get: {}}}` })

  test('several at once, each with its own answer', async () => {
    const titles = ['a', 'b', 'c', 'd', 'e']
    expect((await Promise.all(titles.map(small))).map(({ title }) => title)).toEqual(titles)
  })

  test('S23 a document that eats memory or time costs its reader and nothing else', async () => {
    const greedy = `openapi: 3.1.0\nx: [${'{a: 1},'.repeat(1_500_000)}]`
    const small = createSpecReader({ ms: 60_000, megabytes: 96 })
    await expect(small.read({ text: greedy })).rejects.toMatchObject({
      code: 'spec-unreadable',
      detail: expect.stringContaining('96 MB'),
    })
    expect((await small.read({ text: 'openapi: 3.1.0\npaths: {}' })).coverage.operations).toBe(0)
    const hasty = createSpecReader({ ms: 1, megabytes: 512 })
    await expect(hasty.read({ text: greedy })).rejects.toMatchObject({
      code: 'spec-unreadable',
      detail: expect.stringContaining('0.001 s'),
    })
    await Promise.all([small.close(), hasty.close()])
  }, 120_000)

  test('a refused document leaves the reader as it was', async () => {
    await expect(specs.read({ text: 'openapi: 9.0.0' })).rejects.toMatchObject({ code: 'spec-version' })
    expect((await small('after')).title).toBe('after')
  })
})
