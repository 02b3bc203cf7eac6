import { createEncoder, type Encoded, wordlessFault } from './isolate-encoder.ts'
import { exactReviver, losesDigits } from './isolate-numbers.ts'

/** What was thrown: the texts of an error, or the text of anything else. */
export interface Thrown {
  readonly name?: string
  readonly message?: string
  readonly stack?: string
  readonly text?: string
}

/** How a call stands, in a form that can be copied out of the isolate. */
export type RuntimeAnswer = (Encoded | { readonly state: 'pending' } | ({ readonly state: 'threw' } & Thrown)) & {
  readonly lines: Readonly<Record<number, string>>
  readonly omittedLines: number
}

type Act = (value: unknown, args: unknown, tool: unknown) => Promise<unknown>

/** Begins a call, which goes on until nothing is left to do, or tells how it stands. */
export type Runtime = (act?: Act, point?: string, inputText?: string, maxChars?: number) => RuntimeAnswer | undefined

/**
 * The text of a script whose value is the runtime: what is in an isolate beside the foreign script.
 *
 * Its functions are written here and never called here. Each uses only the others and the language itself, and takes what
 * it needs of that before the foreign script runs, which may change all it reaches.
 */
export function isolateRuntime(): string {
  const functions = [
    createRuntime,
    createEncoder,
    wordlessFault,
    exactReviver,
    losesDigits,
    createConsole,
    createDescriber,
    removeNeedless,
  ]
  // Strict code shows neither itself nor its arguments to whoever it calls.
  return `(() => {'use strict'\n${functions.join('\n')}\nreturn ${createRuntime.name}()\n})()`
}

function createRuntime(): Runtime {
  const { parse } = JSON
  const reviver = exactReviver()
  const encode = createEncoder()
  const describeThrown = createDescriber()
  const log = createConsole(describeThrown)
  removeNeedless()
  let outcome: Encoded | { state: 'pending' } | ({ state: 'threw' } & Thrown) = { state: 'pending' }

  async function run(act: Act, point: string, inputText: string, maxChars: number): Promise<void> {
    try {
      const input = parse(inputText, losesDigits(inputText) ? reviver : undefined) as Record<string, unknown>
      const returned = await act(input[point], input.arguments, input.tool)
      outcome = encode(returned === undefined ? input[point] : returned, maxChars)
    } catch (error) {
      outcome = { state: 'threw', ...describeThrown(error) }
    }
  }

  return (act, point, inputText, maxChars) => {
    if (!act) return { ...outcome, ...log() }
    void run(act, point!, inputText!, maxChars!)
    return undefined
  }
}

type DescribeThrown = (thrown: unknown) => Thrown

/** Reads an error as far as its words are texts. An error may answer with code of its own, so it is read in time limits. */
export function createDescriber(): DescribeThrown {
  const { apply } = Reflect
  const { slice } = String.prototype
  const toText = String
  const brief = (text: string) => apply(slice, text, [0, 4_000]) as string

  function read(error: object, key: 'name' | 'message' | 'stack'): string | undefined {
    try {
      const value = (error as Record<string, unknown>)[key]
      return typeof value === 'string' ? brief(value) : undefined
    } catch {
      return undefined
    }
  }

  return (thrown) => {
    if (typeof thrown === 'string') return { text: `"${brief(thrown)}"` }
    // A bigint of a million digits takes longer to write than anything can stop.
    if (typeof thrown === 'bigint') return { text: 'a bigint' }
    if (typeof thrown === 'function') return { text: 'a function' }
    if (typeof thrown !== 'object' || thrown === null) return { text: brief(toText(thrown)) }
    const message = read(thrown, 'message')
    if (message === undefined) return { text: 'an object that is no error' }
    return { name: read(thrown, 'name'), message, stack: read(thrown, 'stack') }
  }
}

/** A console that keeps its lines here: none of its functions leads out. */
export function createConsole(describeThrown: DescribeThrown) {
  const maxLines = 100
  const { stringify } = JSON
  const { slice } = String.prototype
  const { apply } = Reflect
  const { toString: nameKind } = Object.prototype
  const tagOf = (value: unknown): string => apply(nameKind, value, [])
  const { isError } = Error as ErrorConstructor & { isError(value: unknown): boolean }
  const lines: Record<number, string> = Object.create(null)
  let count = 0
  let room = 8 * 1024
  let omittedLines = 0

  function textOf(value: unknown): string {
    if (typeof value === 'string') return value
    // The id of an answer may be one.
    if (typeof value === 'bigint' && !wordlessFault(value, tagOf)) return `${value}`
    if (typeof value !== 'object' || value === null) return describeThrown(value).text ?? ''
    const { name = 'Error', message = '' } = isError(value) ? describeThrown(value) : {}
    return isError(value) ? `${name}: ${message}` : jsonOf(value)
  }

  /** Nothing fails because it was to be shown. JSON writes a Map, and a promise that nobody awaits, as if they were empty. */
  function jsonOf(value: object): string {
    try {
      const text = stringify(value) ?? 'undefined'
      return text === '{}' ? (wordlessFault(value, tagOf)?.slice('is '.length) ?? text) : text
    } catch {
      return 'an object that is no JSON'
    }
  }

  function write(...values: unknown[]): void {
    if (count >= maxLines || room <= 0) {
      omittedLines++
      return
    }
    let line = ''
    for (let at = 0; at < values.length && line.length < room; at++) line += (at > 0 ? ' ' : '') + textOf(values[at])
    lines[count++] = apply(slice, line, [0, room])
    room -= line.length
  }

  const named = { log: write, info: write, warn: write, error: write, debug: write }
  const console = { ...named, dir: write, table: write, trace: write }
  Object.defineProperty(globalThis, 'console', { value: console, writable: true, configurable: true })
  return () => ({ lines, omittedLines })
}

/** Ways to wait, to share memory and to run after the call: a pure function needs none. */
export function removeNeedless(): void {
  for (const name of ['WebAssembly', 'SharedArrayBuffer', 'Atomics', 'FinalizationRegistry', 'WeakRef']) {
    delete (globalThis as unknown as Record<string, unknown>)[name]
  }
}
