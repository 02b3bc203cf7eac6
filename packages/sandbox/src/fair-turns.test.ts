import type { ChildProcess } from 'node:child_process'
import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { expect, onTestFinished, test } from 'vitest'
import { createSandbox, type FilterLimits } from './create-sandbox.ts'

/** Takes until the wall. */
const ENDLESS = `${'[@,@]|'.repeat(60)}to_string(@)`
/** Not plain enough to run in process. */
const BIG = JSON.stringify(['x'.repeat(70_000)])

function testSandbox(wallMs: number) {
  const children: ChildProcess[] = []
  const onChild = (message: unknown) => children.push((message as { process: ChildProcess }).process)
  subscribe('child_process', onChild)
  const sandbox = createSandbox({ wallMs })
  onTestFinished(async () => {
    unsubscribe('child_process', onChild)
    await sandbox.close()
  })
  const ended: string[] = []
  const run = (name: string, expression: string, more: Partial<FilterLimits>) => {
    const limits = { deadline: Date.now() + 25_000, maxBytes: 1_000_000, ...more }
    const done = sandbox.filter(expression, BIG, limits).then(
      () => true,
      (error) => error.kind,
    )
    return done.finally(() => ended.push(name))
  }
  return { sandbox, children, ended, run }
}

test('S70 S72 what curators set waits for no projection, however many one agent asks for', async () => {
  const { sandbox, children, ended, run } = testSandbox(800)
  await Promise.all([run('warm', '@', { owner: 'a' }), run('warm', 'length([0])', { trusted: true })])
  expect(children).toHaveLength(2)
  ended.length = 0
  const hogs = Array.from({ length: 5 }, () => run('hog', ENDLESS, { owner: 'a' }))
  expect(await run('filter', 'length([0])', { trusted: true })).toBe(true)
  const limits = { deadline: Date.now() + 25_000, maxBytes: 1_000 }
  const script = { name: 'request interceptor', point: 'request', source: 'request.a = 1' } as const
  await sandbox.intercept(script, '{"request":{},"arguments":{},"tool":{}}', limits)
  expect(ended).toEqual(['filter'])
  await sandbox.close()
  expect(await Promise.all(hogs)).toEqual(Array(5).fill('cancelled'))
})

test('S72 the projection of another comes before the backlog of one', async () => {
  const { ended, run } = testSandbox(250)
  const hogs = ['a1', 'a2', 'a3', 'a4'].map((name) => run(name, ENDLESS, { owner: 'a' }))
  const others = ['b1', 'b2'].map((name) => run(name, '[0]', { owner: 'b' }))
  const late = run('c1', '[0]', { owner: 'c' })
  expect(await Promise.all([...others, late])).toEqual([true, true, true])
  await Promise.all(hogs)
  expect(ended.indexOf('a1')).toBe(0)
  expect(ended.indexOf('b1')).toBeLessThan(ended.indexOf('a2'))
  expect(ended.indexOf('c1')).toBeLessThan(ended.indexOf('a2'))
  expect(ended.indexOf('b2')).toBeLessThan(ended.indexOf('a3'))
})

test('S72 scripts and filters of one workspace do not keep those of another waiting', async () => {
  const { sandbox, ended, run } = testSandbox(20_000)
  const limits = { deadline: Date.now() + 25_000, maxBytes: 1_000 }
  const slow = 'const t = Date.now(); while (Date.now() - t < 100); request.a = 1'
  const script = { name: 'request interceptor', point: 'request', source: slow } as const
  const hog = () => sandbox.intercept(script, '{"request":{},"arguments":{},"tool":{}}', { ...limits, owner: 'a' })
  const hogs = Array.from({ length: 20 }, (_, n) => hog().then(() => ended.push(`a${n}`)))
  await run('b', 'length([0])', { trusted: true, owner: 'b' })
  // It waits for what its child was handed already, and for nothing else.
  expect(ended.length).toBeLessThan(7)
  await Promise.all(hogs)
  expect(ended).toHaveLength(21)
})

test('S72 more owners than a child is handed tasks of take turns, whatever each has in line', async () => {
  const { ended, run } = testSandbox(20_000)
  const all = ['a', 'b', 'c', 'd', 'e', 'f'].flatMap((owner) =>
    Array.from({ length: 3 }, (_, n) => run(`${n}${owner}`, '[0]', { owner })),
  )
  await Promise.all(all)
  const order = ended.map((name) => name[0]).join('')
  // Whoever comes later waits for what is in flight and for one turn of each owner, not for all that these ask.
  expect(order.lastIndexOf('0')).toBeLessThan(order.indexOf('2'))
})

test('S72 a projection that is aborted before its turn does not run, and is told as cancelled', async () => {
  const { children, run } = testSandbox(300)
  const gone = new AbortController()
  const hog = run('hog', ENDLESS, { owner: 'a' })
  const waiting = run('waiting', ENDLESS, { owner: 'a', signal: gone.signal })
  gone.abort()
  expect(await waiting).toBe('cancelled')
  expect(await run('late', '@', { owner: 'b', signal: gone.signal })).toBe('cancelled')
  await hog
  expect(await run('next', '@', { owner: 'a' })).toBe(true)
  // The second one was started because the first task ran to the wall; one that ran as well would have cost another.
  expect(children).toHaveLength(2)
})
