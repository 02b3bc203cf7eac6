import ivm from 'isolated-vm'
import { HEAD_LINES, SOURCE_NAME } from './compile-interceptor.ts'
import { isolateRuntime, type RuntimeAnswer } from './isolate-runtime.ts'
import { IsolateStop, wasStopped } from './isolate-stop.ts'
import type { InterceptBudget } from './protocol.ts'

/** One script, compiled in an isolate of its own. */
export interface ScriptIsolate {
  /**
   * Runs the script in a fresh context, with everything that it leads to.
   *
   * @throws IsolateStop when it had to be stopped; the isolate is then of no more use.
   */
  call(point: string, inputText: string, limits: InterceptBudget): RuntimeAnswer
  /** Megabytes of its heap, what could be collected included. */
  heapMb(): number
  dispose(): void
}

export function createScriptIsolate(script: string, memoryMb: number): ScriptIsolate {
  const isolate = new ivm.Isolate({ memoryLimit: memoryMb })
  const runtime = isolate.compileScriptSync(isolateRuntime(), { filename: 'runtime' })
  const compiled = isolate.compileScriptSync(script, { filename: SOURCE_NAME, lineOffset: -HEAD_LINES })

  function run(context: ivm.Context, point: string, inputText: string, limits: InterceptBudget): RuntimeAnswer {
    const within = { timeout: limits.cpuMs } as const
    const call = runtime.runSync(context, { ...within, reference: true }) as ivm.Reference
    const act = compiled.runSync(context, { ...within, reference: true }) as ivm.Reference
    try {
      // Nothing can wake it later: when this is over, either it is done or it waits for ever.
      call.applySync(undefined, [act.derefInto(), point, inputText, limits.maxBytes], within)
    } catch (error) {
      // It also throws what the script left as a rejected promise that nobody handles. That changes nothing.
      if (wasStopped(error, isolate)) throw error
    }
    return call.applySync(undefined, [], { ...within, result: { copy: true } }) as RuntimeAnswer
  }

  return {
    call(point, inputText, limits) {
      const context = isolate.createContextSync()
      try {
        return run(context, point, inputText, limits)
      } catch (error) {
        const why = wasStopped(error, isolate)
        throw why ? new IsolateStop(why, error as Error) : error
      } finally {
        if (!isolate.isDisposed) context.release()
      }
    },
    heapMb: () => isolate.getHeapStatisticsSync().total_heap_size / 1024 / 1024,
    dispose() {
      if (!isolate.isDisposed) isolate.dispose()
    },
  }
}
