import { spawnSync } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import { gunzipSync } from 'node:zlib'
import { afterAll, describe, expect, test } from 'vitest'
import { processesBelow, TELLS_PROCESSES } from '../../../../tests/support/processes.ts'
import { createSpecReader } from './spec-reader.ts'

const FAST_RESOLVE = fileURLToPath(new URL('../../../../scripts/fast-resolve.mjs', import.meta.url))

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

  test('bytes come to one reader after the other, as many as there are', async () => {
    for (const length of [3_000_000, 0, 70_000, 1]) {
      const document = randomBytes(length)
      const { packed, hash } = await specs.pack(document)
      expect(Buffer.compare(gunzipSync(packed), document)).toBe(0)
      expect(hash).toBe(createHash('sha256').update(document).digest('hex'))
    }
  })

  test('a reader that cannot be started costs its document, and the gateway lives', () => {
    const script = `
      import { openSync } from 'node:fs'
      import { createSpecReader } from '${new URL('spec-reader.ts', import.meta.url)}'
      const specs = createSpecReader()
      try { for (;;) openSync('/dev/null') } catch {}
      await specs.pack(new Uint8Array(3)).catch((error) => console.log(error.message))
      setTimeout(() => { console.log('alive'); process.exit() }, 100)`
    // No more files may be open than it opens itself.
    const limited = ['-c', 'ulimit -n 200 && exec "$0" "$@"', process.execPath, '--import', FAST_RESOLVE]
    const { stdout } = spawnSync('sh', [...limited, '--input-type=module', '-e', script], { encoding: 'utf8' })
    expect(stdout).toBe('no process that reads documents could be started\nalive\n')
  })

  test.runIf(TELLS_PROCESSES)(
    'a reader that became large ends with its document, any other is kept for the next',
    async () => {
      const readers = () => processesBelow(process.pid, 'reader-process')
      const own = createSpecReader()
      const others = readers()
      const readOwn = (text: string) => own.read({ text })
      await readOwn('openapi: 3.1.0\npaths: {}')
      const [kept] = readers().filter((pid) => !others.includes(pid))
      await readOwn('openapi: 3.1.0\npaths: {}')
      expect(readers()).toContain(kept)
      await readOwn(`{"openapi":"3.1.0","paths":{},"x":[${'{"a":[],"b":{}},'.repeat(2_500_000)}0]}`)
      await expect.poll(readers).not.toContain(kept)
      expect((await readOwn('openapi: 3.1.0\ninfo: {title: after}\npaths: {}')).title).toBe('after')
      await own.close()
    },
    60_000,
  )

  test('a refused document leaves the reader as it was', async () => {
    await expect(specs.read({ text: 'openapi: 9.0.0' })).rejects.toMatchObject({ code: 'spec-version' })
    expect((await small('after')).title).toBe('after')
  })
})
