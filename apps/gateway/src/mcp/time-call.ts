import { type Call, type FinishedCall, TIMED_STAGES } from '@sluice/contract'
import { roundedMs } from '../rounded-ms.ts'

/** What a call tells of its course: how long each stage took, what the API sent, how often it was asked again. */
export interface CallTimes extends Required<Pick<Call, 'onStage' | 'onRepeat'>> {
  /** Asked once, at the end: a stage that ended the call has what is left of the time. */
  readonly told: (ended: number) => Pick<FinishedCall, 'stages' | 'rawBytes' | 'retries'>
}

/** `started`: of `performance.now()`. */
export function timeCall(started: number): CallTimes {
  const stages: Record<string, number> = {}
  let last = started
  let passed = 0
  let rawBytes: number | undefined
  let retries = 0
  const add = (now: number) => {
    stages[TIMED_STAGES[passed++]!] = roundedMs(now - last)
    last = now
  }
  return {
    // The stages come in their order, each once.
    onStage: (_stage, bytes) => {
      add(performance.now())
      if (bytes !== undefined) rawBytes = bytes
    },
    onRepeat: () => {
      retries++
    },
    told: (ended) => {
      if (passed < TIMED_STAGES.length) add(ended)
      return { stages, ...(rawBytes === undefined ? {} : { rawBytes }), ...(retries > 0 ? { retries } : {}) }
    },
  }
}
