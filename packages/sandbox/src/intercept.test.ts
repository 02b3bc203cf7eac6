import { afterAll, describe, expect, test } from 'vitest'
import { createSandbox } from './create-sandbox.ts'
import type { InterceptLimits } from './intercept.ts'
import { OF_THE_LANGUAGE } from './testing/of-the-language.ts'

const sandbox = createSandbox()
afterAll(() => sandbox.close())

const NAME = 'response interceptor of the tool "x"'
const INPUT =
  '{"response":{"status":200,"headers":{"a":"b"},"body":{"n":[1,2]}},"arguments":{"limit":3},"tool":{"name":"x"}}'
const PLAIN = '{"status":200,"headers":{"a":"b"},"body":{"n":[1,2]}}'

const run = (source: string, input = INPUT, limits: Partial<InterceptLimits> = {}, on = sandbox) =>
  on.intercept({ name: NAME, point: 'response', source }, input, {
    deadline: Date.now() + 20_000,
    maxBytes: 1_000_000,
    ...limits,
  })
const out = async (source: string, input?: string) => (await run(source, input)).outputText
/** The next call is clean, whatever the one before did. */
const isWell = async () => expect(await out('')).toBe(PLAIN)

describe('an interceptor', () => {
  test.each<[string, string, string]>([
    ['that does nothing gives what it was given', '', PLAIN],
    ['may change what it is given', 'response.body.n.push(3)', PLAIN.replace('[1,2]', '[1,2,3]')],
    ['may return another', 'return {...response, body: args.limit + tool.name}', PLAIN.replace('{"n":[1,2]}', '"3x"')],
    ['may await', 'await null; response.status = await Promise.resolve(201)', PLAIN.replace('200', '201')],
    [
      'may be TypeScript',
      'const n: number[] = response.body.n; response.body = n as unknown',
      PLAIN.replace('{"n":[1,2]}', '[1,2]'),
    ],
    [
      'may use the language',
      'response.body = [...new Set([1,1])].map((x) => x * 2).concat(Math.max(1, 5))',
      PLAIN.replace('{"n":[1,2]}', '[2,5]'),
    ],
  ])('%s', async (_name, source, want) => expect(await out(source)).toBe(want))

  test('stands at the request, too', async () => {
    const interceptor = { name: 'request interceptor', point: 'request', source: 'request.query.a = args.a' } as const
    const input = '{"request":{"query":{}},"arguments":{"a":1},"tool":{}}'
    const limits = { deadline: Date.now() + 5_000, maxBytes: 1_000 }
    expect((await sandbox.intercept(interceptor, input, limits)).outputText).toBe('{"query":{"a":1}}')
  })

  test('B143 numbers keep their digits; large integers are BigInts', async () => {
    const numbers =
      '{"response":{"i":12345678901234567890,"d":0.12345678901234567890,"e":1e400,"s":"12345678901234567890"}}'
    expect(await out('', numbers)).toBe(numbers.slice('{"response":'.length, -1))
    const source = 'if (response.i !== 12345678901234567890n) throw 1; return {j: response.i + 1n}'
    expect(await out(source, numbers)).toBe('{"j":12345678901234567891}')
  })

  test('what it logs comes back, within bounds', async () => {
    const { logs } = await run(
      'console.log("a", {b: [1n]}, null, undefined, "c"); console.warn(new Error("e").message)',
    )
    expect(logs).toHaveLength(2)
    expect(logs[0]).toMatch(/^a .*c$/)
    const many = await run('for (let n = 0; n < 5000; n++) console.log("x".repeat(1000))')
    expect(many.logs.length).toBeLessThanOrEqual(101)
    expect(many.logs.join('').length).toBeLessThan(10_000)
    expect(many.logs.at(-1)).toMatch(/\d+ more lines/)
  })

  test.each<[string, string, RegExp]>([
    [
      'an error, with its place',
      'const a = 1\n\n  null.x',
      /failed at line 3, column 8: TypeError: Cannot read properties of null/,
    ],
    [
      'an error after an await',
      'await null\nthrow new RangeError("far")',
      /failed at line 2, column 7: RangeError: far/,
    ],
    ['a rejected promise', 'await Promise.reject(new Error("no"))', /Error: no/],
    ['a text', 'throw "words"', /it threw "words"/],
    ['nothing', 'throw undefined', /it threw undefined/],
    ['an error that lies', 'throw Object.defineProperty(new Error("x"), "message", {get() { for (;;) {} }})', /./],
    ['an error with a toString', 'throw {toString() { throw 1 }}', /it threw/],
    ['a number', 'return 5', /must return the response, an object, or nothing, and returned/],
    ['null', 'return null', /must return the response/],
    ['a function inside', 'return {a: {b: () => 1}}', /what is not JSON: response\.a\.b/],
    ['undefined inside', 'return {a: [undefined]}', /response\.a\[0\] is undefined/],
    ['a ring', 'const r = {}; r.r = r; return r', /what is not JSON/],
    ['depth', 'let v = {}; for (let n = 0; n < 1e5; n++) v = {v}; return v', /what is not JSON|deep/],
    ['not a number', 'return {a: NaN}', /response\.a/],
    ['a promise inside', 'return {a: Promise.resolve(1)}', /response\.a|"a":\{\}/],
  ])('B186 fails in words: %s', async (_name, source, message) => {
    const failure = await run(source).then(
      ({ outputText }) => ({ message: outputText, kind: 'interceptor' }),
      (error: Error) => error,
    )
    expect(failure).toMatchObject({ kind: 'interceptor', message: expect.stringMatching(message) })
    await isWell()
  })

  test('a large answer is not let out, nor a large one in', async () => {
    await expect(run('return {a: "x".repeat(2e8)}')).rejects.toMatchObject({
      message: expect.stringMatching(/more than 1000000 bytes|memory/),
    })
    await expect(run('return {a: "é".repeat(60)}', INPUT, { maxBytes: 100 })).rejects.toMatchObject({
      message: expect.stringContaining('100 bytes'),
    })
    const large = `{"response":{"a":"${'x'.repeat(5 * 1024 * 1024)}"}}`
    await expect(run('', large)).rejects.toMatchObject({ message: expect.stringContaining('at most 5242880 bytes') })
    await isWell()
  })
})

describe('S70 S71 nothing is in its reach', () => {
  test('the outside is what is named here: of time it has the date, in whole milliseconds', async () => {
    expect(JSON.parse(await out('return {names: Object.getOwnPropertyNames(globalThis).sort()}')).names).toEqual(
      OF_THE_LANGUAGE,
    )
    const { now, whole } = JSON.parse(await out('const n = Date.now(); return {now: n, whole: Number.isInteger(n)}'))
    expect(whole).toBe(true)
    expect(Math.abs(now - Date.now())).toBeLessThan(60_000)
  })

  test.each([
    'process',
    'require',
    'module',
    'globalThis.process',
    'Buffer',
    'fetch',
    'setTimeout',
    'setImmediate',
    'performance',
    'WebAssembly',
    'SharedArrayBuffer',
    'Atomics',
    'this',
  ])('%s is not there', async (name) => {
    const source = `let found; try { found = typeof (${name}) } catch { found = 'undefined' } return {found}`
    expect(await out(source)).toBe('{"found":"undefined"}')
  })

  test.each([
    ['a constructor', 'return {a: typeof response.constructor.constructor("return process")()}'],
    ['the console’s', 'return {a: typeof console.log.constructor("return process")()}'],
    ['an error’s', 'try { null.x } catch (e) { return {a: typeof e.constructor.constructor("return process")()} }'],
    ['eval', 'return {a: eval("typeof process")}'],
    ['an import', 'return {a: typeof (await import("node:fs"))}'],
    [
      'the stack’s frames',
      'Error.prepareStackTrace = (_, frames) => frames.map((f) => f.getThis()); const s = new Error().stack; return {a: Array.isArray(s) && s.some((t) => t && t !== globalThis) ? "leak" : "undefined"}',
    ],
    ['its caller', 'return {a: typeof (function f() { return f.caller })()}'],
  ])('%s leads nowhere', async (_name, source) => {
    const got = await out(source).catch((error: Error) => error.message)
    expect(got).toMatch(/"a":"undefined"|process is not defined|Not supported|strict mode|EvalError|Code generation/i)
  })

  test('what it changes of the language is its own', async () => {
    const spoil =
      'Object.prototype.x = 1; Array.prototype.map = null; JSON.stringify = () => "spoiled"; JSON.parse = null; globalThis.leak = response; Promise = null; String.prototype.slice = null; return {ok: true}'
    expect(await out(spoil)).toBe('{"ok":true}')
    expect(await out('return {x: {}.x === undefined, leak: typeof leak, map: typeof [].map}')).toBe(
      '{"x":true,"leak":"undefined","map":"function"}',
    )
    // The same script again is given a fresh world.
    expect(await out('globalThis.n = (globalThis.n ?? 0) + 1; return {n}')).toBe('{"n":1}')
    expect(await out('globalThis.n = (globalThis.n ?? 0) + 1; return {n}')).toBe('{"n":1}')
  })
})

describe('S70 what is hostile ends, and the next call is clean', () => {
  test.each([
    ['a loop', 'for (;;) {}'],
    ['a loop that catches', 'for (;;) { try { for (;;) {} } catch {} }'],
    ['a loop of awaits', 'for (;;) await null'],
    ['a promise that never settles', 'await new Promise(() => {})'],
    ['a pattern that backtracks', '/^(a+)+$/.test("a".repeat(40) + "b")'],
    ['recursion', '(function f() { f() })()'],
    ['a list without end', 'const a = []; for (;;) a.push(new Array(1000).fill({x: 1}))'],
    ['a huge list', 'new Array(2 ** 30).fill(1)'],
    ['lists by concat', 'let a = [1]; for (;;) a = a.concat(a)'],
    ['a text that doubles', 'let s = "x"; for (;;) s += s'],
    ['a map without end', 'const m = new Map(); for (let n = 0; ; n++) m.set(n, {n})'],
    ['huge numbers', 'let b = 3n; for (;;) b = b * b'],
    ['a sort that never ends', '[3, 2, 1].sort(() => { for (;;) {} })'],
    ['a toJSON that never ends', 'return {a: {toJSON() { for (;;) {} }}}'],
    ['a getter that never ends', 'return {get a() { for (;;) {} }}'],
    ['a proxy', 'return new Proxy({}, {ownKeys() { for (;;) {} }})'],
    ['a typed array', 'const a = []; for (;;) a.push(new Uint8Array(1e8).fill(1))'],
  ])(
    '%s',
    async (_name, source) => {
      await expect(run(source)).rejects.toMatchObject({ name: expect.any(String), kind: 'interceptor' })
      await isWell()
    },
    20_000,
  )

  test('others in flight are not harmed', async () => {
    const own = createSandbox()
    const calls = [
      run('const a = []; for (;;) a.push(new Array(1000).fill({x: 1}))', INPUT, {}, own),
      ...Array.from({ length: 6 }, (_, n) => run(`response.body = ${n}`, INPUT, {}, own)),
    ]
    const results = await Promise.allSettled(calls)
    await own.close()
    expect(results.map(({ status }) => status)).toEqual(['rejected', ...Array(6).fill('fulfilled')])
  }, 20_000)

  test('a script that had to be killed twice is disabled until it is changed', async () => {
    const told: string[] = []
    const own = createSandbox({ wallMs: 400, onDisabled: (name) => told.push(name) })
    const bad = 'let b = 3n; for (;;) b = b * b'
    const isDisabled = () => own.isDisabled({ point: 'response', source: bad })
    expect(isDisabled()).toBe(false)
    for (let n = 0; n < 2; n++)
      await expect(run(bad, INPUT, {}, own)).rejects.toMatchObject({ message: expect.not.stringContaining('disabled') })
    await expect(run(bad, INPUT, {}, own)).rejects.toMatchObject({
      message: expect.stringMatching(/is disabled.*Change it to enable it again/),
    })
    expect([told, isDisabled()]).toEqual([[NAME], true])
    for (const other of [{ source: `${bad};` }, { source: bad, owner: 'another' }])
      expect(own.isDisabled({ point: 'response', ...other })).toBe(false)
    expect((await run('', INPUT, {}, own)).outputText).toBe(PLAIN)
    await own.close()
  }, 20_000)
})

describe('a source is read before it is stored', () => {
  test.each<[string, string, number, number]>([
    ['a word that is missing', 'const = 1', 1, 7],
    ['in its own lines', 'const a = 1\n\nb b', 3, 3],
    ['TypeScript that is none', 'const a: = 1', 1, 10],
    ['S70 more than a body', '}; globalThis.x = 1; {', 1, 1],
    ['S70 a function that is closed and another opened', '})\n(async function (response, args, tool) {', 1, 2],
    ['a module', 'import fs from "node:fs"', 1, 1],
    ['a comment that does not end', '/* a', 1, 1],
  ])('%s', (_name, source, line, column) => {
    const fault = (() => {
      try {
        sandbox.checkInterceptor(source, 'response')
        return undefined
      } catch (error) {
        return error as Error & { line: number; column: number }
      }
    })()
    expect(fault).toMatchObject({ name: 'InterceptorSyntaxError', message: expect.any(String) })
    expect([fault!.line, fault!.column >= 1]).toEqual([line, true])
    if (!source.startsWith('}') && !source.startsWith('/*')) expect(fault!.column).toBe(column)
  })

  test.each([
    'return',
    'await 1',
    '',
    '// only a comment',
    'const x: number = 1; return response as any',
    'throw 1',
    '"use strict"',
  ])('%j is one', (source) => {
    expect(() => sandbox.checkInterceptor(source, 'response')).not.toThrow()
  })

  test('nothing of it runs', () => {
    ;(globalThis as { ran?: boolean }).ran = false
    sandbox.checkInterceptor('globalThis.ran = true', 'response')
    expect((globalThis as { ran?: boolean }).ran).toBe(false)
  })

  test('text that breaks the reader of types is refused, and later texts are read', () => {
    const deep = `const a: number = ${'('.repeat(3000)}1${')'.repeat(3000)}; type`
    expect(() => sandbox.checkInterceptor(deep, 'response')).toThrow()
    expect(() => sandbox.checkInterceptor('const x: number = 1', 'response')).not.toThrow()
  })
})
