/** Lines wait so many milliseconds for others: one write for each costs a call more than all that is written in it. */
const TOGETHER_MS = 10
/** Lines that wait, at most. */
const MOST_WAITING = 1_000
/** Characters that are written at once. */
const MOST_AT_ONCE = 64 * 1024

/** Takes a line of a log, with its end; what makes it is called when it is written. An empty one is none. */
export type WriteLine = (line: () => string) => void

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
    const lines = waiting
    waiting = []
    let text = ''
    const writeText = () => {
      if (text !== '') write(text)
      text = ''
    }
    for (const made of lines) {
      const line = made()
      if (text.length + line.length > mostAtOnce) writeText()
      text += line
    }
    writeText()
  }
  return {
    write: (line) => {
      if (waiting.push(line) >= MOST_WAITING) flush()
      else timer ??= setTimeout(flush, TOGETHER_MS)
    },
    flush,
  }
}
