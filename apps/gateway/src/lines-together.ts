/** Lines wait so many milliseconds for others: one write for each costs a call more than all that is written in it. */
const TOGETHER_MS = 10
/** Characters that are written at once. */
const MOST_WAITING = 64 * 1024

export interface LinesTogether {
  readonly write: (line: string) => void
  /** Writes what waits; for the end of the process. */
  readonly flush: () => void
}

/** Hands lines on in their order, those of some milliseconds in one piece. */
export function linesTogether(write: (text: string) => void, most = MOST_WAITING): LinesTogether {
  let waiting = ''
  let timer: NodeJS.Timeout | undefined
  const flush = () => {
    clearTimeout(timer)
    timer = undefined
    const text = waiting
    waiting = ''
    if (text !== '') write(text)
  }
  return {
    write: (line) => {
      if (waiting.length + line.length > most) flush()
      waiting += line
      if (waiting.length > most) flush()
      else timer ??= setTimeout(flush, TOGETHER_MS)
    },
    flush,
  }
}
