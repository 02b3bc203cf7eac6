import { CallFailure, type FailureKind } from '@sluice/contract'

/** What is known of a failed interceptor besides the message. For the curator, not for the model. */
export interface FailedRun {
  /** 1-based, in the curator's source. Absent where the failure has no place there. */
  readonly line?: number
  readonly column?: number
  /** What it had logged. */
  readonly logs: readonly string[]
  readonly cpuMs: number
}

/** How a call ends whose interceptor failed. */
export class InterceptorFailure extends CallFailure {
  readonly run: FailedRun

  constructor(kind: FailureKind, message: string, run: FailedRun = { logs: [], cpuMs: 0 }) {
    super(kind, message)
    this.run = run
  }
}
