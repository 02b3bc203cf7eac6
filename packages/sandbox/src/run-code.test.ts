import { afterAll, describe, expect, test } from 'vitest'
import type { CodeReply } from './code-calls.ts'
import { CODE_DEFAULTS, type CodeRun, createCodeRunner } from './run-code.ts'
import { OF_THE_LANGUAGE } from './testing/of-the-language.ts'

const runner = createCodeRunner(CODE_DEFAULTS)
afterAll(() => runner.close())

const echo = async (name: string, argsText: string): Promise<CodeReply> => ({
  ok: true,
  text: `{"data":{"name":${JSON.stringify(name)},"args":${argsText}},"status":200,"headers":{}}`,
})

const run = (source: string, more: Partial<CodeRun> = {}, on = runner) =>
  on.run({
    source,
    call: echo,
    owner: 'agent',
    workspaceId: 'one',
    deadline: Date.now() + 20_000,
    signal: new AbortController().signal,
    ...more,
  })
const out = async (source: string, more?: Partial<CodeRun>) => {
  const { result } = await run(source, more)
  return 'outputText' in result ? result.outputText : result.failure
}
/** The next run is clean, whatever the one before did. */
const isWell = async () => expect(await out('return (await api.x({a: 1})).data.args.a')).toBe('1')

describe('code', () => {
  test.each([
    ['returns any JSON', 'return [1, "a", null, {b: true}]', '[1,"a",null,{"b":true}]'],
    ['returns nothing as null', '', 'null'],
    ['returns what is undefined as JSON has it', 'return {a: undefined, b: [undefined]}', '{"b":[null]}'],
    ['calls a tool', 'return (await api.list_pets({limit: 2})).data', '{"name":"list_pets","args":{"limit":2}}'],
    ['calls a tool of any name', 'return (await api.then({a: 1})).data', '{"name":"then","args":{"a":1}}'],
    ['calls none by returning all', 'return api', 'null'],
    ['calls by name', 'return (await call("list-pets")).data', '{"name":"list-pets","args":{}}'],
    ['may be TypeScript', 'const n: number = (await api.x({n: 1})).data.args.n as number; return n + 1', '2'],
    [
      'may be TypeScript that JavaScript would read as comparisons',
      'return [...new Set<string>(["ab"])].map<number>((one) => one.length)',
      '[2]',
    ],
    [
      'may be such TypeScript, nested',
      'return [["a", 1]].reduce<Record<string, { n: number }>>((all, [key, n]) => ({ ...all, [key]: { n } }), {})',
      '{"a":{"n":1}}',
    ],
    ['may be JavaScript that compares', 'const [a, b] = [1, 2]; return a < b > (0)', 'true'],
    [
      'may be JavaScript that compares with what is called as a type is',
      'const number = 3, [a, b] = [1, 9]; return [a < number, b > (2)]',
      '[true,true]',
    ],
    [
      'may be such JavaScript, of a parameter',
      'return [{ v: 2 }].map((object) => [1 < object.v, 3 > (1)])',
      '[[true,true]]',
    ],
    [
      'calls many at once',
      'return (await Promise.all([1,2,3].map((n) => api.x({n})))).map(({data}) => data.args.n)',
      '[1,2,3]',
    ],
  ])('%s', async (_what, source, text) => expect(await out(source)).toBe(text))

  test('B143 keeps the digits of numbers both ways', async () => {
    expect(await out('return (await api.x({id: 12345678901234567890n})).data.args.id + 1n')).toBe(
      '12345678901234567891',
    )
  })

  test('what failed may be returned with what did not', async () => {
    const call = async (name: string) =>
      name === 'bad' ? { ok: false, text: '{"message":"no","status":404,"tool":"bad","body":{}}' } : echo(name, '{}')
    const text = await out('return Promise.allSettled([api.bad({}), api.good({})])', { call })
    expect(JSON.parse(String(text))).toMatchObject([
      { status: 'rejected', reason: { name: 'ToolError', message: 'no', status: 404, tool: 'bad' } },
      { status: 'fulfilled', value: { status: 200 } },
    ])
  })

  test('shows anything on its console, and does not fail by it', async () => {
    const { result } = await run(`const ring = {}; ring.ring = ring
      console.log(12345678901234567890n, { id: 1n }, new Map([[1, 2]]), api.x({}), {}, ring)
      console.table([{ a: 1 }]); console.dir({ a: 1 }); console.trace('here')
      return 1`)
    expect(result).toMatchObject({
      outputText: '1',
      logs: [
        '12345678901234567890 {"id":1} [object Map] a promise, which wants an `await` {} an object that is no JSON',
        '[{"a":1}]',
        '{"a":1}',
        'here',
      ],
    })
  })

  test('a failed call throws an error that says what is known of it', async () => {
    const call = async () => ({
      ok: false,
      text: '{"message":"The API answered 404.","status":404,"body":{"code":"gone"},"tool":"x","signature":"x({ id: number })"}',
    })
    const source = `try { await api.x({}) } catch (e) { return [e.name, e.message, e.status, e.body.code, e.tool, e.signature, e instanceof ToolError] }`
    expect(await out(source, { call })).toBe(
      '["ToolError","The API answered 404.",404,"gone","x","x({ id: number })",true]',
    )
    expect(await out('\nawait api.x({})', { call })).toMatchObject({
      message: expect.stringMatching(/^failed at line 2, column \d+: ToolError: The API answered 404\.$/),
    })
  })

  test('may be compiled alone: it does not run, and a fault is where it is', async () => {
    expect(await out('for (;;) {}', { onlyCompiled: true })).toBe('null')
    expect(await out('const a: = 1', { onlyCompiled: true })).toMatchObject({ place: { line: 1 } })
    expect(await out('const a = 1\nreturn (', { onlyCompiled: true })).toEqual(await out('const a = 1\nreturn ('))
  })

  test('what it logs comes back', async () => {
    const { result } = await run('console.log("a", {b: 1}); return 1')
    expect(result.logs).toEqual(['a {"b":1}'])
  })

  test.each([
    ['an error, with its place', 'const a = 1\nnull.x', /failed at line 2, column \d+: TypeError/],
    ['an error after a call', 'await api.x({})\n\nnull.x', /failed at line 3, column \d+: TypeError/],
    ['what is no code', 'return (', /cannot be compiled at line 1/],
    ['what closes the function', '}); (() => {', /cannot be compiled/],
    ['what is no JSON', 'return {f() {}}', /returned what is not JSON: result\.f is a function/],
    ['a promise that is not awaited', 'return [api.x({})]', /is a promise, which wants an `await`/],
    ['a promise that never settles', 'await new Promise(() => {})', /waits for a promise that never settles/],
    ['arguments that are no JSON', 'await api.x(() => 1)', /are no JSON/],
  ])('%s', async (_what, source, message) => {
    expect(await out(source)).toMatchObject({ message: expect.stringMatching(message) })
  })
})

describe('S70 foreign code', () => {
  test('finds the language and what makes calls; of time the date, in whole milliseconds', async () => {
    const source = 'return [Object.getOwnPropertyNames(globalThis).sort(), Number.isInteger(Date.now())]'
    const names = [...OF_THE_LANGUAGE, 'ToolError'].toSorted()
    expect(JSON.parse((await out(source)) as string)).toEqual([names, true])
  })

  test.each([
    [
      'the outside by a constructor',
      'return String(constructor.constructor("return typeof process")())',
      '"undefined"',
    ],
    ['the outside by the host function', 'return String(api.x.constructor("return typeof process")())', '"undefined"'],
    ['require', 'return typeof require', '"undefined"'],
    ['fetch', 'return typeof fetch + typeof setTimeout + typeof WebSocket', '"undefinedundefinedundefined"'],
    ['eval of it', 'return (0, eval)("typeof process")', '"undefined"'],
    ['import', 'return await import("node:fs").then(() => "in", () => "out")', '"out"'],
  ])('does not reach %s', async (_what, source, text) => {
    expect(await out(source)).toBe(text)
    await isWell()
  })

  test.each([
    ['a loop', 'for (;;) {}', 'Time'],
    ['a loop after a call', 'await api.x({}); for (;;) {}', 'Time'],
    ['a loop in a promise', 'await null; for (;;) {}', 'Time'],
    ['a loop of promises', 'const f = () => Promise.resolve().then(f); await f()', undefined],
    ['a pattern that backtracks', `/(a+)+$/.test("${'a'.repeat(40)}b")`, 'Time'],
    ['memory', 'const all = []; for (;;) all.push(new Array(1e6).fill(1))', 'Memory'],
    ['memory in one text', 'let s = "x"; for (;;) s += s', undefined],
    ['a million promises', 'await Promise.all(Array.from({length: 1e7}, () => Promise.resolve({a: [1]})))', undefined],
    ['a large result', 'return "x".repeat(5e6)', 'TooLarge'],
    ['a deep recursion', 'const f = () => f(); f()', 'Thrown'],
    ['a getter that loops on the way out', 'return {get a() { for (;;) {} }}', 'Time'],
    ['an error that loops on the way out', 'throw {get message() { for (;;) {} }}', 'Time'],
  ])('is stopped: %s', async (_what, source, name) => {
    const failure = await out(source)
    expect(failure).toMatchObject(name ? { name } : { message: expect.any(String) })
    await isWell()
  })

  test('cannot change what the runtime uses', async () => {
    const source = `
      Object.prototype.then = (f) => f('poison'); JSON.parse = () => 'poison'; JSON.stringify = () => '"poison"'
      Promise.prototype.then = () => 'poison'; Array.prototype.push = () => 'poison'; Reflect.apply = () => 'poison'
      globalThis.Proxy = undefined; globalThis.String = () => 'poison'
      return 1`
    expect(await out(source)).not.toContain?.('in')
    await isWell()
  })

  test('promise 6: a flood of calls is refused past the fiftieth, and the process and the next run are as before', async () => {
    let made = 0
    const call = async (name: string, argsText: string) => {
      made++
      return echo(name, argsText)
    }
    const source = `const all = await Promise.allSettled(Array.from({length: 10000}, () => api.x({})))
      return [all.filter(({status}) => status === 'fulfilled').length, all.at(-1).reason.message]`
    expect(await out(source, { call })).toBe('[50,"The code made more than 50 calls; this call was not made."]')
    expect(made).toBe(50)
    await isWell()
  })

  test('S70 whoever goes on calling is stopped', async () => {
    expect(await out('for (;;) try { await api.x({}) } catch {}')).toMatchObject({ name: 'Flood' })
    await isWell()
  })

  test('S35 while the code is busy its answers do not pile up before it', async () => {
    let made = 0
    const call = async () => {
      made++
      return { ok: true, text: `{"data":"${'x'.repeat(1e6)}"}` }
    }
    const source =
      'for (let n = 0; n < 50; n++) api.x({}); const t = Date.now(); while (Date.now() - t < 1000); return 1'
    expect(await out(source, { call })).toBe('1')
    expect(made).toBe(10)
  })

  test.each([
    ['of one call', 'await api.x({s: "x".repeat(5e6)})', /Its arguments have \d+ characters, more than 4194304; this/],
    [
      'of all together',
      'const s = "x".repeat(4e6); for (let n = 0; n < 9; n++) await api.x({s})',
      /gave its calls more than 16777216 characters/,
    ],
  ])('S70 arguments do not flood the gateway: those %s', async (_what, source, message) => {
    let most = 0
    const call = async (_name: string, argsText: string) => {
      most += argsText.length
      return echo('x', '{}')
    }
    expect(await out(source, { call })).toMatchObject({ message: expect.stringMatching(message) })
    expect(most).toBeLessThan(17e6)
    await isWell()
  })

  test('S70 nor do names', async () => {
    const source = 'return (await call("x".repeat(1e6))).data.name.length'
    expect(await out(source)).toBe('200')
  })

  test('S70 what nothing interrupts is stopped while a call is waited for, too', async () => {
    const quick = createCodeRunner({ ...CODE_DEFAULTS, cpuMs: 200 })
    // A list of that length is walked in one go.
    const source = 'api.x({}); const all = new Array(2 ** 32 - 2); all[2 ** 32 - 3] = 1; return all.indexOf(5)'
    const { result } = await run(source, { call: () => settledAfter(6_000) }, quick)
    expect(result).toMatchObject({ failure: { name: 'Memory', message: expect.stringContaining('or time') } })
    quick.close()
  })

  test('a call that breaks inside is an error of the code, and of nothing else', async () => {
    const call = () => Promise.reject(new Error('broken'))
    expect(await out('await api.x({})', { call })).toMatchObject({
      message: expect.stringContaining('Something broke'),
    })
    await isWell()
  })

  test('nothing is begun once the gateway stops', async () => {
    const stopped = createCodeRunner(CODE_DEFAULTS)
    stopped.close()
    expect((await run('return 1', {}, stopped)).result).toMatchObject({ failure: { name: 'Aborted' } })
  })

  test('ten calls run at once', async () => {
    let now = 0
    let most = 0
    const call = async (name: string, argsText: string) => {
      most = Math.max(most, ++now)
      await new Promise((resolve) => setTimeout(resolve, 20))
      now--
      return echo(name, argsText)
    }
    await out('await Promise.all(Array.from({length: 30}, () => api.x({})))', { call })
    expect(most).toBe(10)
  })

  test('waiting for a slow call is not running', async () => {
    const slow = createCodeRunner({ ...CODE_DEFAULTS, cpuMs: 200 })
    const call = async (name: string, argsText: string) => {
      await new Promise((resolve) => setTimeout(resolve, 1_800))
      return echo(name, argsText)
    }
    const { result } = await run('return (await api.x({a: 7})).data.args.a', { call }, slow)
    expect(result).toMatchObject({ outputText: '7' })
    slow.close()
  })

  test('the deadline and who goes away end it', async () => {
    const controller = new AbortController()
    setTimeout(() => controller.abort(), 200)
    const given = run('await api.x({})', { call: () => settledOn(controller.signal), signal: controller.signal })
    expect((await given).result).toMatchObject({ failure: { name: 'Aborted' } })
    expect(
      await out('await new Promise(() => api.y())', { deadline: Date.now() + 300, call: () => settledAfter(400) }),
    ).toMatchObject({
      name: 'Deadline',
    })
    await isWell()
  })

  test('one owner has one run at a time, and cannot keep others waiting', async () => {
    let ofA = 0
    let mostOfA = 0
    const ranB = Promise.withResolvers<void>()
    const callOfA = async (name: string, argsText: string) => {
      mostOfA = Math.max(mostOfA, ++ofA)
      await ranB.promise
      ofA--
      return echo(name, argsText)
    }
    const callOfB = async (name: string, argsText: string) => {
      ranB.resolve()
      return echo(name, argsText)
    }
    const runs = ['a1', 'a2', 'a3'].map((name) => run(`await call("${name}")`, { call: callOfA, owner: 'a' }))
    runs.push(run('await call("b1")', { call: callOfB, owner: 'b' }))
    for (const { result } of await Promise.all(runs)) expect(result).not.toHaveProperty('failure')
    expect(mostOfA).toBe(1)
  })
})

function settledOn(signal: AbortSignal): Promise<CodeReply> {
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve({ ok: false, text: '{}' })))
}

function settledAfter(ms: number): Promise<CodeReply> {
  return new Promise((resolve) => setTimeout(() => resolve({ ok: false, text: '{}' }), ms))
}
