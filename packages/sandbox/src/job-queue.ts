import type { Job } from './child.ts'

type Owner = Job['owner']

/** Jobs that wait: of each owner in their order, and the owners in turn, so that nobody waits for all of what another one asks. */
export class JobQueue {
  /** In the order of their turns. */
  readonly #waiting = new Map<Owner, Job[]>()

  push(job: Job): void {
    const own = this.#waiting.get(job.owner)
    if (own) own.push(job)
    else this.#waiting.set(job.owner, [job])
  }

  /** What was taken before and has to run again comes first. */
  putBack(jobs: readonly Job[]): void {
    for (const job of jobs.toReversed()) {
      const others = [...this.#waiting].filter(([owner]) => owner !== job.owner)
      const own = [job, ...(this.#waiting.get(job.owner) ?? [])]
      this.#waiting.clear()
      for (const [owner, theirs] of [[job.owner, own] as const, ...others]) this.#waiting.set(owner, theirs)
    }
  }

  /** Whose turn it is, of the owners that may have one; what nobody waits for any more is dropped. */
  first(mayRun: (job: Job) => boolean): Job | undefined {
    for (const [owner, own] of this.#waiting) {
      const wanted = own.findIndex((job) => !job.settled)
      own.splice(0, wanted === -1 ? own.length : wanted)
      const [next] = own
      if (!next) this.#waiting.delete(owner)
      else if (mayRun(next)) return next
    }
    return undefined
  }

  /** Takes the first one of an owner, whose next turn comes after those of all others. */
  take({ owner }: Job): void {
    const own = this.#waiting.get(owner) ?? []
    own.shift()
    this.#waiting.delete(owner)
    if (own.length > 0) this.#waiting.set(owner, own)
  }

  clear(): Job[] {
    const all = [...this.#waiting.values()].flat()
    this.#waiting.clear()
    return all
  }
}
