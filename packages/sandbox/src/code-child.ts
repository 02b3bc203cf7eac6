/** The child process in which an agent's code runs: one process for one run. */
import { createCodeIsolate } from './code-isolate.ts'
import type { CodeFailure, CodePlace, CodeResult, CodeTask, FromCodeChild, ToCodeChild } from './code-protocol.ts'
import type { CodeState } from './code-runtime.ts'
import { compileBody } from './compile-interceptor.ts'
import { describeAnswer, placeIn, placeText } from './describe-answer.ts'
import { InterceptorSyntaxError } from './interceptor-syntax-error.ts'
import { IsolateStop } from './isolate-stop.ts'
import { startWatch } from './start-watch.ts'
import { stripTypeScript, TOO_DEEP } from './strip-typescript.ts'

const [memoryMb, maxCpuMs] = process.argv.slice(2).map(Number) as [number, number]
const mark = startWatch({ maxBytes: memoryMb * 1024 * 1024, maxCpuMs })

let settle: ((message: ToCodeChild) => void) | undefined
process.once('disconnect', () => process.exit())
process.on('message', (message: ToCodeChild) => {
  if ('task' in message) begin(message.task)
  else settle?.(message)
})
say('ready')

function begin(task: CodeTask): void {
  // From here on until its end it is watched.
  mark(true)
  run(task)
}

function run(task: CodeTask): void {
  const open = new Set<number>()
  let made = 0
  let argsChars = 0
  let ended = false
  const isolate = attempt(
    () => createCodeIsolate(compileBody(task.source, parametersOf(task), stripOrRefuse), task),
    end,
  )
  if (!isolate) return

  function host(callId: number, name: string, argsText: string): void {
    open.add(callId)
    const tool = name.slice(0, MAX_NAME_CHARS)
    const fault = faultOf(argsText)
    if (fault) refuse(callId, tool, fault)
    else say({ call: { callId, name: tool, argsText } })
  }

  /** A flood is refused here, before it floods the gateway. */
  function faultOf({ length }: string): string | undefined {
    const { maxCalls, maxArgsChars, maxArgsCharsTogether } = task
    if (++made > maxCalls + MAX_REFUSED) end({ failure: FLOOD, logs: [] })
    if (made > maxCalls) return `The code made more than ${maxCalls} calls`
    if (length > maxArgsChars) return `Its arguments have ${length} characters, more than ${maxArgsChars}`
    argsChars += length
    const isTooMuch = argsChars > maxArgsCharsTogether
    return isTooMuch ? `The code gave its calls more than ${maxArgsCharsTogether} characters of arguments` : undefined
  }

  function refuse(callId: number, tool: string, fault: string): void {
    const text = JSON.stringify({ message: `${fault}; this call was not made.`, tool })
    setImmediate(() => settle?.({ reply: { callId, ok: false, text } }))
  }

  function look(enter: () => CodeState): void {
    const state = attempt(enter, end)
    if (!state || ended) return
    if (state.state !== 'pending') end(describeState(state, task))
    else if (open.size === 0) end({ failure: IDLE, logs: logsOf(state) })
  }

  function end(result: CodeResult): void {
    if (ended) return
    ended = true
    say({ result })
  }

  settle = (message) => {
    if (!('reply' in message) || ended || !open.delete(message.reply.callId)) return
    look(() => isolate.settle(message.reply))
  }
  if (task.onlyCompiled) end({ outputText: 'null', logs: [] })
  else look(() => isolate.begin(host))
}

function parametersOf({ argsText }: CodeTask): string[] {
  return argsText === undefined ? ['api', 'call'] : ['api', 'call', 'args']
}

/** No tool has so long a name. */
const MAX_NAME_CHARS = 200
/** Code that goes on calling is no mistake, and each refusal takes time that its own does not count. */
const MAX_REFUSED = 10_000
const FLOOD: CodeFailure = { name: 'Flood', message: 'went on making calls that were refused, and was stopped' }
const IDLE: CodeFailure = { name: 'Pending', message: 'waits for a promise that never settles' }

/** A source that breaks the parser ends with this process. */
function stripOrRefuse(text: string): ReturnType<typeof stripTypeScript> {
  try {
    return stripTypeScript(text)
  } catch {
    return { fault: TOO_DEEP }
  }
}

function attempt<T>(act: () => T, end: (result: CodeResult) => void): T | undefined {
  try {
    return act()
  } catch (error) {
    end({ failure: failureOf(error as Error), logs: [] })
    return undefined
  }
}

function failureOf(error: Error): CodeFailure {
  if (error instanceof InterceptorSyntaxError) {
    const place: CodePlace = { line: error.line, column: error.column }
    return { name: 'Syntax', message: `cannot be compiled${placeText(place)}: ${error.message}`, place }
  }
  if (!(error instanceof IsolateStop)) throw error
  if (error.why === 'memory') return { name: 'Memory', message: 'took too much memory and was stopped' }
  const place = placeIn(error.stack ?? '')
  return { name: 'Time', message: `ran for too long without waiting and was stopped${placeText(place)}`, place }
}

function describeState(state: CodeState, { maxBytes: most }: CodeTask): CodeResult {
  const { logs = [], ...described } = describeAnswer(unboxed(state), 'result', most)
  if ('outputText' in described) return { ...unboxedText(described.outputText), logs }
  const { name, message, line, column } = described.failure
  return { failure: { name, message, ...(line && column ? { place: { line, column } } : {}) }, logs }
}

/** A box that stays empty had nothing to hold. */
function unboxedText(text: string): { outputText: string; isNothing?: true } {
  return text === '{}' ? { outputText: 'null', isNothing: true } : { outputText: text.slice('{"value":'.length, -1) }
}

/** What is returned stands in a box of one member, which nobody need hear of. */
function unboxed(state: CodeState): CodeState {
  if (state.state !== 'unfit') return state
  const { path, depth } = state
  const keys = Array.from({ length: depth - 1 }, (_, at) => [at + 1, path[at + 2]!] as const)
  return { ...state, depth: depth - 1, path: Object.fromEntries(keys) }
}

function logsOf(state: CodeState): readonly string[] {
  return Object.values(state.lines)
}

function say(message: FromCodeChild): void {
  process.send?.(message)
}
