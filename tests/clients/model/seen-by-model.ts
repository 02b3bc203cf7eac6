import type { Seen } from '../client.ts'
import type { Turn } from './start-model.ts'

/**
 * What the model was offered of the server, whose tools have names that begin with `prefix`, and what it was told. The first result
 * is taken from what the product said at last: its model repeats it. What a product puts around a result is as known, or it is an
 * error: the result is the first group of `frame`.
 */
export function seenByModel({ offered, results }: Turn, said: string, prefix: string, frame = /^([\s\S]*)$/): Seen {
  const [, search = '', miss = ''] = results
  const tools = offered.filter((name) => name.startsWith(prefix))
  if (tools.length === 0) throw new Error(`its model was offered no tool of the server, and it said: ${said}`)
  return {
    tools,
    results: { read: unframed(said, frame), search: unframed(search, frame), miss },
  }
}

function unframed(text: string, frame: RegExp): string {
  const inside = frame.exec(text)?.[1]
  if (inside === undefined) throw new Error(`it is not framed as ${frame}:\n${text}`)
  return inside
}
