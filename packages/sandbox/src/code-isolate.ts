import ivm from 'isolated-vm'
import type { CodeTask, HostReply } from './code-protocol.ts'
import { type CodeState, codeRuntime, type Host } from './code-runtime.ts'
import { HEAD_LINES, SOURCE_NAME } from './compile-interceptor.ts'
import { IsolateStop, wasStopped } from './isolate-stop.ts'

/** Code in an isolate of its own, which is entered when it begins and when a call is answered. */
export interface CodeIsolate {
  /** @throws IsolateStop */
  begin(host: Host): CodeState
  /** @throws IsolateStop */
  settle(reply: HostReply): CodeState
}

/** `script` is as `compileBody` makes it. */
export function createCodeIsolate(
  script: string,
  { argsText = '{}', cpuMs, isolateMb, maxBytes }: CodeTask,
): CodeIsolate {
  const isolate = new ivm.Isolate({ memoryLimit: isolateMb })
  const context = isolate.createContextSync()
  const runtime = isolate
    .compileScriptSync(codeRuntime(), { filename: 'runtime' })
    .runSync(context, { reference: true })
  const act = isolate
    .compileScriptSync(script, { filename: SOURCE_NAME, lineOffset: -HEAD_LINES })
    .runSync(context, { reference: true, timeout: cpuMs })
  const member = (name: string) => runtime.getSync(name, { reference: true }) as ivm.Reference
  const [begin, settle, state] = [member('begin'), member('settle'), member('state')]

  /** Whatever the code leaves to be done goes on within the same time. */
  function enter(entry: ivm.Reference, args: readonly unknown[]): CodeState {
    try {
      entry.applySync(undefined, [...args], { timeout: timeLeft() })
    } catch (error) {
      // It also throws what the code left as a rejected promise that nobody handles. That ends nothing.
      const why = wasStopped(error, isolate)
      if (why) throw new IsolateStop(why, error as Error)
    }
    try {
      return state.applySync(undefined, [], { timeout: timeLeft(), result: { copy: true } }) as CodeState
    } catch (error) {
      throw new IsolateStop(wasStopped(error, isolate) ?? 'time', error as Error)
    }
  }

  function timeLeft(): number {
    return Math.max(1, cpuMs - Number(isolate.cpuTime / 1_000_000n))
  }

  return {
    begin: (host) => enter(begin, [act.derefInto(), new ivm.Callback(host), argsText, maxBytes]),
    settle: ({ callId, ok, text }) => enter(settle, [callId, ok, text]),
  }
}
