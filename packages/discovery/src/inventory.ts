import { cutText } from './cut-text.ts'
import type { FindableTool } from './tool-words.ts'

export type CountedTool = Pick<FindableTool, 'tags' | 'operation' | 'upstream'>

/** What there is, in a few hundred tokens: how many tools, of which APIs, about what. */
export function inventoryOf(tools: readonly CountedTool[]): string {
  const upstreams = counted(tools, ({ upstream }) => [upstream])
  const about = counted(tools, subjectsOf)
  return [
    `${tools.length} tools`,
    upstreams.length > 1 ? ` of ${upstreams.length} APIs: ${listed(upstreams, MOST_CHARS / 4)}` : '',
    about.length > 0 ? `${upstreams.length > 1 ? '. By tag: ' : ', by tag: '}${listed(about, MOST_CHARS)}` : '',
    '.',
  ].join('')
}

/** Below 500 tokens with the rest, whatever the tags are. */
const MOST_CHARS = 1_000

/** What a tool is counted and narrowed by: its tags; of a tool without any, what its path begins with. */
export function subjectsOf({ tags, operation }: Pick<CountedTool, 'tags' | 'operation'>): readonly string[] {
  if (tags.length > 0) return tags
  const first = operation.path
    .split('/')
    .find((part) => part !== '' && !part.includes('{') && !/^(?:v\d+|api)$/i.test(part))
  return first === undefined ? [] : [first]
}

/** Each value with how many tools have it, the most frequent first. */
function counted(
  tools: readonly CountedTool[],
  valuesOf: (tool: CountedTool) => readonly string[],
): Array<readonly [string, number]> {
  const counts = new Map<string, number>()
  for (const tool of tools) for (const value of valuesOf(tool)) counts.set(value, (counts.get(value) ?? 0) + 1)
  return [...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))
}

function listed(counts: ReadonlyArray<readonly [string, number]>, chars: number): string {
  const shown: string[] = []
  let left = chars
  for (const [name, count] of counts) {
    const told = cutText(name, 40)
    const number = ` (${count})`
    left -= widthOf(told) + number.length + 2
    if (left < 0) break
    shown.push(told + number)
  }
  const more = counts.length - shown.length
  return shown.join(', ') + (more > 0 ? `, ${more} more` : '')
}

/** About two for each token: what is not made of plain words takes more tokens than its length tells. */
function widthOf(text: string): number {
  const pieces = text.match(/[a-z0-9]+|./gisu) ?? []
  return pieces.reduce((sum, piece) => sum + piece.length * widthPerLetter(piece), 0)
}

function widthPerLetter(piece: string): number {
  if (/^[a-z ]+$/i.test(piece)) return 1
  return /^[\x20-\x7e…]+$/.test(piece) || COMMON_SCRIPT.test(piece) ? 2.5 : 8
}

const COMMON_SCRIPT =
  /[\p{sc=Latin}\p{sc=Cyrillic}\p{sc=Greek}\p{sc=Arabic}\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Hangul}\p{sc=Thai}]/u
