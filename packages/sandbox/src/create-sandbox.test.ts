import { type ChildProcess, spawn } from 'node:child_process'
import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { readFileSync } from 'node:fs'
import { expect, onTestFinished, test } from 'vitest'
import { createSandbox, type FilterLimits, type Sandbox, type SandboxOptions } from './create-sandbox.ts'

/** Never ends by itself: what it writes doubles sixty times. */
const ENDLESS = `${'[@,@]|'.repeat(60)}to_string(@)`

const INDEX = JSON.stringify(new URL('./index.ts', import.meta.url).href)

function testSandbox(options?: SandboxOptions): { sandbox: Sandbox; children: ChildProcess[] } {
  const children: ChildProcess[] = []
  const onChild = (message: unknown) => children.push((message as { process: ChildProcess }).process)
  subscribe('child_process', onChild)
  const sandbox = createSandbox(options)
  onTestFinished(async () => {
    unsubscribe('child_process', onChild)
    await sandbox.close()
  })
  return { sandbox, children }
}

function limits(more: Partial<FilterLimits> = {}): FilterLimits {
  return { deadline: Date.now() + 25_000, maxBytes: 100_000_000, ...more }
}

const hasEnded = (child: ChildProcess) => child.exitCode !== null || child.signalCode !== null

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    // A process that nobody has waited for yet is dead all the same.
    return process.platform !== 'linux' || !/^\d+ \(.*\) Z/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))
  } catch {
    return false
  }
}

test('a projection is applied in a child, which is started once and kept', async () => {
  const { sandbox, children } = testSandbox()
  expect(children).toHaveLength(0)
  expect(await sandbox.filter('a.b', '{"a": {"b": [1, 12345678901234567890]}}', limits())).toBe(
    '[1,12345678901234567890]',
  )
  expect(await sandbox.filter('length(@)', '[1, 2]', limits())).toBe('2')
  expect(children).toHaveLength(1)
})

test.runIf(process.platform === 'linux')('S43 S70 a child has nothing of the environment of its parent', async () => {
  const { sandbox, children } = testSandbox()
  await sandbox.filter('@', '1', limits())
  const names = readFileSync(`/proc/${children[0]!.pid}/environ`, 'utf8')
    .split('\0')
    .map((entry) => entry.split('=')[0])
  expect(names.filter((name) => name !== '' && !name!.startsWith('NODE_CHANNEL_'))).toEqual([])
})

test("a curator's plain filter on a small body needs no child, an agent's does, and so does a big body", async () => {
  const { sandbox, children } = testSandbox()
  expect(await sandbox.filter('[*].a', '[{"a": 1}]', limits({ trusted: true }))).toBe('[1]')
  expect(children).toHaveLength(0)
  const big = JSON.stringify([{ a: 'x'.repeat(70_000) }])
  expect(await sandbox.filter('length([0].a)', big, limits({ trusted: true }))).toBe('70000')
  expect(children).toHaveLength(1)
})

test('the budget holds in process as in the child, and the failure names the filter', async () => {
  const { sandbox } = testSandbox()
  const few = { maxNodes: 3 }
  await expect(sandbox.filter('[@,@]', '[1,2]', limits({ ...few, trusted: true }))).rejects.toMatchObject({
    kind: 'interceptor',
    message: 'The response filter `[@,@]` selects more than 3 values.',
  })
  await expect(sandbox.filter('[@,@]', '[1,2]', limits(few))).rejects.toMatchObject({
    kind: 'interceptor',
    message: 'The projection `[@,@]` selects more than 3 values.',
  })
})

test('B176 an expression that is not JMESPath is refused with its position, and applied to nothing', async () => {
  const { sandbox, children } = testSandbox()
  expect(() => sandbox.checkFilter('a..b')).toThrow(
    expect.objectContaining({ name: 'FilterSyntaxError', position: 3, message: 'Unexpected . at position 3' }),
  )
  expect(sandbox.checkFilter('a.b')).toBeUndefined()
  await expect(sandbox.filter('a..b', '{}', limits())).rejects.toMatchObject({
    kind: 'interceptor',
    message: 'The projection `a..b` is not JMESPath: Unexpected . at position 3.',
  })
  expect(children).toHaveLength(0)
})

test('a long expression is shortened where it is named', async () => {
  const { sandbox } = testSandbox()
  await expect(sandbox.filter(`abs(${'a'.repeat(500)})`, '{}', limits())).rejects.toMatchObject({
    message: expect.stringMatching(/^The projection `abs\(a{96}…` failed: abs\(\) takes a number/),
  })
})

test('S26 S70 an exponential output is stopped by the budget and the next call is clean, in the same child', async () => {
  const { sandbox, children } = testSandbox()
  await expect(sandbox.filter(`${'[@,@]|'.repeat(300)}@`, '[1]', limits())).rejects.toMatchObject({
    kind: 'interceptor',
    message: expect.stringContaining('selects more than 2000000 values'),
  })
  expect(await sandbox.filter('@', '[1]', limits())).toBe('[1]')
  expect(children).toHaveLength(1)
})

test('S26 S70 an endless filter is killed at the wall and the next call is clean, in a new child', async () => {
  const { sandbox, children } = testSandbox({ wallMs: 300 })
  await expect(sandbox.filter(ENDLESS, '[1]', limits())).rejects.toMatchObject({
    kind: 'interceptor',
    message: expect.stringMatching(/^The projection `.*` ran longer than 300 ms and was stopped\.$/),
  })
  expect(await sandbox.filter('@', '[1]', limits())).toBe('[1]')
  expect(children).toHaveLength(2)
  await expect.poll(() => hasEnded(children[0]!)).toBe(true)
})

test('S26 a quadratic filter on a large body is killed at the wall, and the innocent in flight and in the queue are answered', async () => {
  const { sandbox } = testSandbox({ wallMs: 400 })
  const quadratic = `[${'@,'.repeat(500)}@] | map(&contains(map(&to_string(@), @), 'x'), @)`
  const body = JSON.stringify(Array.from({ length: 200_000 }, (_, index) => index))
  const hog = sandbox.filter(quadratic, body, limits())
  const innocent = Array.from({ length: 8 }, (_, index) =>
    sandbox.filter('[0]', `[${index}]`, limits({ owner: `${index}` })),
  )
  await expect(hog).rejects.toMatchObject({ kind: 'interceptor', message: expect.stringContaining('400 ms') })
  expect(await Promise.all(innocent)).toEqual(['0', '1', '2', '3', '4', '5', '6', '7'])
})

test('S26 several endless filters at once do not take the innocent with them', async () => {
  const { sandbox } = testSandbox({ wallMs: 300 })
  const hogs = Array.from({ length: 3 }, () => sandbox.filter(ENDLESS, '[1]', limits()))
  const innocent = sandbox.filter('@', '"fine"', limits())
  for (const hog of await Promise.allSettled(hogs)) {
    expect(hog).toMatchObject({ reason: { kind: 'interceptor', message: expect.stringContaining('300 ms') } })
  }
  expect(await innocent).toBe('"fine"')
})

test('S70 a filter that eats memory is stopped while it runs, and the next call is clean', async () => {
  const { sandbox, children } = testSandbox({ wallMs: 20_000, memoryMb: 150 })
  const body = JSON.stringify(Array.from({ length: 500_000 }, (_, index) => index))
  await expect(sandbox.filter(`[${'[::1],'.repeat(300)}@]`, body, limits())).rejects.toMatchObject({
    kind: 'interceptor',
    message: expect.stringContaining('ended its process twice, probably because it takes more than 150 MB of memory'),
  })
  // V8 itself would have ended it with SIGABRT, once its heap alone is that large.
  expect(children.map((child) => child.signalCode)).toContain('SIGKILL')
  expect(await sandbox.filter('@', '[1]', limits())).toBe('[1]')
})

test('a child killed from outside is replaced: calls in flight are answered, and so is the next one', async () => {
  const { sandbox, children } = testSandbox({ wallMs: 20_000 })
  await sandbox.filter('@', '1', limits())
  const body = JSON.stringify(Array.from({ length: 300_000 }, (_, index) => index))
  const inFlight = [sandbox.filter('[-1]', body, limits()), sandbox.filter('@', '"second"', limits({ owner: 'b' }))]
  children[0]!.kill('SIGKILL')
  expect(await Promise.all(inFlight)).toEqual(['299999', '"second"'])
  children[1]!.kill('SIGKILL')
  expect(await sandbox.filter('@', '"next"', limits())).toBe('"next"')
  expect(children).toHaveLength(3)
})

test('no more children are started than allowed, and only when those there are busy', async () => {
  const { sandbox, children } = testSandbox({ children: 2 })
  await sandbox.filter('@', '1', limits())
  await sandbox.filter('@', '1', limits())
  expect(children).toHaveLength(1)
  await Promise.all(Array.from({ length: 20 }, (_, n) => sandbox.filter('@', '1', limits({ owner: `${n}` }))))
  expect(children).toHaveLength(2)
})

test('a deadline holds for whoever waits behind a slow filter, and nobody is killed for it', async () => {
  const { sandbox, children } = testSandbox({ wallMs: 1_000 })
  await sandbox.filter('@', '1', limits())
  const hog = sandbox.filter(ENDLESS, '[1]', limits())
  const waiting = Array.from({ length: 6 }, () => sandbox.filter('@', '1', limits({ deadline: Date.now() + 100 })))
  for (const result of await Promise.allSettled(waiting)) {
    expect(result).toMatchObject({
      reason: { kind: 'timeout', message: 'The projection `@` was not done in time.' },
    })
  }
  expect(hasEnded(children[0]!)).toBe(false)
  await expect(hog).rejects.toMatchObject({ kind: 'interceptor' })
})

test('a child that does not start is a bug, told as one, and not retried for ever', async () => {
  const { sandbox, children } = testSandbox({ memoryMb: 1 })
  const failure = await sandbox.filter('@', '1', limits()).catch((error) => error)
  expect(failure).toMatchObject({ name: 'Error', message: 'The child process of the sandbox does not start.' })
  expect(children).toHaveLength(2)
})

test('close cancels what is under way or waits, and leaves no child', async () => {
  const { sandbox, children } = testSandbox({ children: 2 })
  await sandbox.filter('@', '1', limits())
  const underWay = Array.from({ length: 12 }, (_, n) => sandbox.filter(ENDLESS, '[1]', limits({ owner: `${n}` })))
  const settled = Promise.allSettled(underWay)
  await sandbox.close()
  expect(children.map(hasEnded)).toEqual([true, true])
  for (const result of await settled) {
    expect(result).toMatchObject({
      reason: { kind: 'cancelled', message: expect.stringContaining('was not applied: Sluice is stopping.') },
    })
  }
  await expect(sandbox.filter('length(@)', '1', limits())).rejects.toMatchObject({ kind: 'cancelled' })
  expect(children).toHaveLength(2)
})

/** Runs a program that uses a sandbox and says which child it has. */
function runProgram(body: string): { program: ChildProcess; childPid: Promise<number> } {
  const script = `
    import { subscribe } from 'node:diagnostics_channel'
    import { createSandbox } from ${INDEX}
    subscribe('child_process', ({ process: child }) => setImmediate(() => console.log(child.pid)))
    const sandbox = createSandbox({ wallMs: 60000 })
    const limits = { deadline: Date.now() + 60000, maxBytes: 1000 }
    ${body}`
  const program = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  onTestFinished(() => void program.kill('SIGKILL'))
  const childPid = new Promise<number>((resolve) => program.stdout!.once('data', (line) => resolve(Number(line))))
  return { program, childPid }
}

test('an idle child does not keep the process running, and ends with it', async () => {
  const { program, childPid } = runProgram(`await sandbox.filter('@', '1', limits)`)
  const pid = await childPid
  expect(await new Promise((resolve) => program.once('exit', resolve))).toBe(0)
  await expect.poll(() => isAlive(pid), { timeout: 10_000 }).toBe(false)
})

test('S70 a busy child ends when its parent was killed, although nothing on its main thread can stop it', async () => {
  const { program, childPid } = runProgram(
    `await sandbox.filter('@', '1', limits); console.log('warm'); sandbox.filter(${JSON.stringify(ENDLESS)}, '[1]', limits)`,
  )
  const pid = await childPid
  await new Promise((resolve) => program.stdout!.once('data', resolve))
  await new Promise((resolve) => setTimeout(resolve, 100))
  expect(isAlive(pid)).toBe(true)
  program.kill('SIGKILL')
  await expect.poll(() => isAlive(pid), { timeout: 10_000 }).toBe(false)
})
