import { Problem } from '@sluice/contract'

/** A reader's process ended before it was done, by a signal or with a code. */
export class ReaderEnded extends Problem {
  constructor(how: string) {
    const detail = `The process that read the document ended before it was done (${how}), perhaps for want of memory. The next import gets another.`
    super('spec-unreadable', { detail })
  }
}
