/** One command: a file of its own in `verbs`. */
export interface Verb {
  /** Teaches by example. */
  readonly help: string
  /** Says the exit code. */
  readonly run: (argv: string[]) => Promise<number>
}

/** A command line that cannot be meant. */
export class UsageFault extends Error {}
