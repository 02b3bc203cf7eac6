import { createEncoder, type Encoded, wordlessFault } from './isolate-encoder.ts'
import { exactReviver, losesDigits } from './isolate-numbers.ts'
import { createConsole, createDescriber, removeNeedless, type Thrown } from './isolate-runtime.ts'

/** How the code stands, in a form that can be copied out of the isolate. */
export type CodeState = (Encoded | { readonly state: 'pending' } | ({ readonly state: 'threw' } & Thrown)) & {
  readonly lines: Readonly<Record<number, string>>
  readonly omittedLines: number
}

type Act = (api: object, call: (name: string, args?: unknown) => Promise<unknown>, args: unknown) => Promise<unknown>

/** Takes a call out of the isolate; its answer comes back by `settle`. */
export type Host = (callId: number, name: string, argsText: string) => void

export interface CodeRuntime {
  begin(act: Act, host: Host, argsText: string, maxChars: number): void
  settle(callId: number, ok: boolean, text: string): void
  state(): CodeState
}

/**
 * The text of a script whose value is the runtime: what is in an isolate beside the code. As in `isolateRuntime`, the functions
 * are written here and never called here, and take what they need before the code runs.
 */
export function codeRuntime(): string {
  const functions = [
    createCodeRuntime,
    createToolError,
    createEncoder,
    wordlessFault,
    exactReviver,
    losesDigits,
    createConsole,
    createDescriber,
    removeNeedless,
  ]
  return `(() => {'use strict'\n${functions.join('\n')}\nreturn ${createCodeRuntime.name}()\n})()`
}

function createCodeRuntime(): CodeRuntime {
  const { parse, stringify } = JSON
  const { create } = Object
  const { apply } = Reflect
  const PromiseOfCode = Promise
  const ProxyOfCode = Proxy
  const toText = String
  const reviver = exactReviver()
  const encode = createEncoder(true)
  const ErrorOfCode = Error
  const describeThrown = createDescriber()
  const log = createConsole(describeThrown)
  const ToolError = createToolError()
  removeNeedless()
  type Waiting = {
    readonly resolve: (value: unknown) => void
    readonly reject: (error: unknown) => void
    readonly site: unknown
  }
  const waiting: Record<number, Waiting> = create(null)
  let lastId = 0
  let outcome: Encoded | { state: 'pending' } | ({ state: 'threw' } & Thrown) = { state: 'pending' }
  let send: Host

  const read = (text: string) => parse(text, losesDigits(text) ? reviver : undefined) as Record<string, unknown>

  function call(name: unknown, args: unknown = {}): Promise<unknown> {
    return new PromiseOfCode((resolve, reject) => {
      const callId = ++lastId
      const argsText = stringify(args)
      if (typeof argsText !== 'string') throw new TypeError(`the arguments of ${toText(name)} are no JSON`)
      // Where in the code it was made: when it fails, none of the code is running.
      waiting[callId] = { resolve, reject, site: new ErrorOfCode().stack }
      send(callId, toText(name), argsText)
    })
  }

  // Where code returns all of them, that is a promise's question for `then`, and no call of a tool of that name.
  const then = (args: unknown) => (typeof args === 'function' ? args(null) : call('then', args))
  // Any name: whether there is such a tool is known outside.
  const api = new ProxyOfCode(create(null) as object, {
    get: (_target, name) =>
      typeof name !== 'string' ? undefined : name === 'then' ? then : (args: unknown) => call(name, args),
    set: () => false,
    defineProperty: () => false,
  })

  async function run(act: Act, argsText: string, maxChars: number): Promise<void> {
    try {
      const value = await act(api, call, read(argsText))
      outcome = encode({ value }, maxChars)
    } catch (error) {
      outcome = { state: 'threw', ...describeThrown(error) }
    }
  }

  return {
    begin(act, host, argsText, maxChars) {
      send = host
      void run(act, argsText, maxChars)
    },
    settle(callId, ok, text) {
      const promise = waiting[callId]
      if (!promise) return
      delete waiting[callId]
      const value = read(text)
      if (ok) apply(promise.resolve, undefined, [value])
      else apply(promise.reject, undefined, [new ToolError(value, promise.site)])
    },
    state: () => ({ ...outcome, ...log() }),
  }
}

/** What a failed call throws: it says what a person would look up. */
function createToolError() {
  class ToolError extends Error {
    readonly status: unknown
    readonly body: unknown
    readonly tool: unknown
    readonly signature: unknown

    constructor({ message, status, body, tool, signature }: Record<string, unknown>, site: unknown) {
      super(String(message))
      this.stack = typeof site === 'string' ? site : ''
      this.status = status
      this.body = body
      this.tool = tool
      this.signature = signature
    }

    /** As JSON an error is empty, and code may well return what failed with what did not. The body stands in the message. */
    toJSON(): object {
      const { name, message, status, tool } = this
      return { name, message, status, tool }
    }
  }
  Object.defineProperty(ToolError.prototype, 'name', { value: 'ToolError' })
  Object.defineProperty(globalThis, 'ToolError', { value: ToolError, writable: true, configurable: true })
  return ToolError
}
