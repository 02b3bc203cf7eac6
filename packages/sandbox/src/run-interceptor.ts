import { createBoundedMap } from './bounded-map.ts'
import { compileInterceptor, type StripTypes } from './compile-interceptor.ts'
import { describeAnswer, placeIn, placeText } from './describe-answer.ts'
import { InterceptorSyntaxError } from './interceptor-syntax-error.ts'
import { IsolateStop } from './isolate-stop.ts'
import type { InterceptBudget, InterceptTask, TaskFailure, TaskResult } from './protocol.ts'
import { createScriptIsolate, type ScriptIsolate } from './script-isolate.ts'
import { stripTypeScript, TOO_DEEP } from './strip-typescript.ts'

/** Runs an interceptor in the isolate of its script, which is made when it is missing and kept for the next call. */
export function runInterceptor(task: InterceptTask): TaskResult {
  try {
    const isolate = isolates.get(task.scriptHash) ?? makeIsolate(task)
    const answer = isolate.call(task.point, task.inputText, task.limits)
    if (isolate.heapMb() > MAX_IDLE_MB) discard(task)
    return describeAnswer(answer, task.point, task.limits.maxBytes)
  } catch (error) {
    if (error instanceof InterceptorSyntaxError) return { failure: describeSyntax(error) }
    if (!(error instanceof IsolateStop)) throw error
    // What a stopped script has left behind is for nobody to run.
    discard(task)
    return { failure: describeStop(error, task.limits) }
  }
}

/** An idle one takes some megabytes. */
const MAX_ISOLATES = 16
/** One that holds more is not kept: together they would count against whoever comes next. */
const MAX_IDLE_MB = 12

const isolates = createBoundedMap<ScriptIsolate>(MAX_ISOLATES, (isolate) => isolate.dispose())

function makeIsolate({ scriptHash, source, point, limits }: InterceptTask): ScriptIsolate {
  const isolate = createScriptIsolate(compileInterceptor(source, point, stripOrEnd), limits.isolateMb)
  isolates.set(scriptHash, isolate)
  return isolate
}

/** A source that breaks the parser was not checked when it was saved. This process is then replaced. */
const stripOrEnd: StripTypes = (text) => {
  try {
    return stripTypeScript(text)
  } catch {
    setImmediate(() => process.exit(1))
    return { fault: TOO_DEEP }
  }
}

function discard({ scriptHash }: InterceptTask): void {
  isolates.get(scriptHash)?.dispose()
  isolates.delete(scriptHash)
}

function describeSyntax({ message, line, column }: InterceptorSyntaxError): TaskFailure {
  return { name: 'Syntax', message: `cannot be compiled${placeText({ line, column })}: ${message}`, line, column }
}

function describeStop({ why, stack = '' }: IsolateStop, { cpuMs, isolateMb }: InterceptBudget): TaskFailure {
  if (why === 'memory') {
    return { name: 'Memory', message: `took more than ${isolateMb} MB of memory and was stopped` }
  }
  const place = placeIn(stack)
  return { name: 'Time', message: `ran longer than ${cpuMs} ms and was stopped${placeText(place)}`, ...place }
}
