/** Lines wait so many milliseconds for others: one write for each costs a call more than all that is written in it. */
const TOGETHER_MS = 10
/** Lines that wait, at most. */
const MOST_WAITING = 1_000
/** Characters that are written at once. */
const MOST_AT_ONCE = 64 * 1024

/** Takes what makes a line of a log, with its end; it is called once, when the line is written. An empty one is none. */
export type WriteLine = (makeLine: () => string) => void

export interface LinesTogether {
  readonly write: WriteLine
  /** Writes what waits; for the end of the process. */
  readonly flush: () => void
}

/** Hands lines on in their order, those of some milliseconds together: many are made in a fraction of what each costs between calls. */
export function linesTogether(write: (text: string) => void, mostAtOnce = MOST_AT_ONCE): LinesTogether {
  let waiting: Array<() => string> = []
  let timer: NodeJS.Timeout | undefined
  const flush = () => {
    clearTimeout(timer)
    timer = undefined
    const makers = waiting
    waiting = []
    let text = ''
    const writeText = () => {
      if (text !== '') write(text)
      text = ''
    }
    for (const makeLine of makers) {
      const line = makeLine()
      if (text.length + line.length > mostAtOnce) writeText()
      text += line
    }
    writeText()
  }
  return {
    write: (makeLine) => {
      if (waiting.push(makeLine) >= MOST_WAITING) flush()
      else timer ??= setTimeout(flush, TOGETHER_MS)
    },
    flush,
  }
}
