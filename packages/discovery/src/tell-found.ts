import { cutText } from './cut-text.ts'
import { signatureOf } from './signature.ts'
import type { FoundTools, SearchRequest } from './tool-finder.ts'
import { type FindableTool, routeOf } from './tool-words.ts'

/** How a tool is called: by `call_tool`, or in code. */
export type CallWord = 'call_tool' | 'run_code'

/** What a search answers: the best hits with their signatures, the others by name, within a budget. */
export function tellFound(found: FoundTools, request: SearchRequest, inventory: string, callWord: CallWord): string {
  if (found.tools.length === 0) return tellNothing(request, inventory)
  const lines: string[] = []
  if (found.corrected) lines.push(`Nothing fits this as it stands; found by: ${found.corrected}.`)
  let left = MOST_CHARS
  for (const tool of found.tools) {
    const told = about(tool, callWord)
    const whole = `${signatureOf(tool)}\n  ${told}`
    const line = whole.length <= left ? whole : `${tool.name}\n  ${told}`
    left -= line.length
    lines.push(line)
  }
  if (found.hasMore) lines.push(`More: page ${Math.floor(request.offset / request.limit) + 2}.`)
  if (request.offset === 0) lines.push(callWord === 'call_tool' ? HOW_TO_CALL : HOW_TO_CODE)
  return lines.join('\n')
}

const HOW_TO_CALL = 'Call with call_tool {"name": …, "arguments": {…}}. `…` stands for what describe_tools shows.'
const HOW_TO_CODE =
  'Call in run_code: await api.name({…}) gives {data, status, headers}. `…` stands for what describe_tools shows.'

/** About 1,200 tokens. */
const MOST_CHARS = 4_200

function about({ operation, title, description }: FindableTool, callWord: CallWord): string {
  const route = routeOf(operation)
  const says = (title === route ? description : title).split('\n', 1)[0]!.trim()
  // Code cannot call one.
  const shown = operation.path === '' && callWord === 'run_code' ? `${route}, called by itself and not in code` : route
  return says === '' || says === route ? shown : `${shown} – ${cutText(says, 120)}`
}

function tellNothing({ query, tag, upstream, method, readOnly, offset }: SearchRequest, inventory: string): string {
  if (offset > 0) return 'There are no more tools: ask for an earlier page.'
  const filters = Object.entries({ tag, upstream, method, read_only: readOnly }).filter(
    ([, value]) => value !== undefined,
  )
  const asked = [
    ...(query === '' ? [] : [JSON.stringify(query)]),
    ...filters.map(([name, value]) => `${name} ${JSON.stringify(value)}`),
  ].join(', ')
  const advice = filters.length > 0 ? 'Leave the filters out, or use' : 'Use'
  return `No tool fits ${asked}. ${advice} other words for what you want. There are ${inventory}`
}
