import type { Writable } from 'node:stream'

/** Characters that wait for a reader that is slow; what is over is lost, and memory is not. */
const MOST_WAITING = 4 * 1024 * 1024

/**
 * Writes to a standard output that may end, fill its disk, or have a reader that stands still: what cannot be written is lost and
 * counted, and whoever writes notices nothing (promise 10). `onLost` is told how many lines were, when writing works again.
 */
export function lastingOutput(output: Writable, onLost: (lines: number) => void = () => {}): (text: string) => void {
  let lost = 0
  const lose = (text: string) => {
    lost += text.split('\n').length - 1
  }
  const tellLost = () => {
    const lines = lost
    lost = 0
    if (lines > 0) onLost(lines)
  }
  // Which text was lost is told to its write.
  output.on('error', () => {})
  return (text) => {
    if (output.writableLength > MOST_WAITING) lose(text)
    else output.write(text, (error) => (error ? lose(text) : tellLost()))
  }
}
