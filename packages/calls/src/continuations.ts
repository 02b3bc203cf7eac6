/** Who may read on: whoever made the call. */
export interface Reader {
  readonly workspaceId: string
  /** `Caller.id` */
  readonly callerId: string
}

/** An answer as it was after every step, whole. */
export interface KeptAnswer {
  readonly toolId: string
  readonly kind: 'json' | 'text'
  readonly text: string
}

/** Keeps answers that were shown in part, for a short while and for whoever made the call, whichever gateway is asked. */
export interface Continuations {
  /** Answers a handle at once: no answer waits for it to be written. */
  readonly keep: (reader: Reader, answer: KeptAnswer) => string
  readonly find: (reader: Reader, handle: string) => Promise<KeptAnswer | undefined>
}
