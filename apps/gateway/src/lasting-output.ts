import type { Writable } from 'node:stream'

/** Characters that wait for a reader that is slow; what is over is lost, and memory is not. */
const MOST_WAITING = 4 * 1024 * 1024

export interface LastingOutput {
  readonly write: (text: string) => void
  /** Lines that could not be written since it was asked for the last time. */
  readonly takeLost: () => number
}

/**
 * A standard output that may end, fill its disk, or have a reader that stands still: what cannot be written is lost and counted,
 * and whoever writes notices nothing (promise 10). `onAgain` is told when writing works again.
 */
export function lastingOutput(output: Writable, onAgain: () => void = () => {}): LastingOutput {
  let lost = 0
  const lose = (text: string) => {
    lost += text.split('\n').length - 1
  }
  // Which text was lost is told to its write.
  output.on('error', () => {})
  return {
    write: (text) => {
      if (output.writableLength > MOST_WAITING) return lose(text)
      output.write(text, (error) => {
        if (error) lose(text)
        else if (lost > 0) onAgain()
      })
    },
    takeLost: () => {
      const lines = lost
      lost = 0
      return lines
    },
  }
}
