import type { FindableTool } from './tool-words.ts'

export type CountedTool = Pick<FindableTool, 'tags' | 'operation' | 'upstream'>

/** What there is, in a few hundred tokens: how many tools, of which APIs, about what. */
export function inventoryOf(tools: readonly CountedTool[]): string {
  const upstreams = counted(tools.map(({ upstream }) => upstream))
  const about = counted(tools.flatMap(subjectsOf))
  return [
    `${tools.length} tools`,
    upstreams.length > 1 ? ` of ${upstreams.length} APIs: ${listed(upstreams, MOST_CHARS / 4)}` : '',
    about.length > 0 ? `${upstreams.length > 1 ? '. By tag: ' : ', by tag: '}${listed(about, MOST_CHARS)}` : '',
    '.',
  ].join('')
}

/** Below 500 tokens with the rest, whatever the tags are. */
const MOST_CHARS = 1_000

/** Its tags; of a tool without any, what its path begins with. */
function subjectsOf({ tags, operation }: CountedTool): readonly string[] {
  if (tags.length > 0) return tags
  const first = operation.path
    .split('/')
    .find((part) => part !== '' && !part.includes('{') && !/^(?:v\d+|api)$/i.test(part))
  return first === undefined ? [] : [first]
}

/** Each value with how often it stands there, the most frequent first. */
function counted(values: readonly string[]): Array<readonly [string, number]> {
  const counts = new Map<string, number>()
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1)
  return [...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))
}

function listed(counts: ReadonlyArray<readonly [string, number]>, chars: number): string {
  const shown: string[] = []
  let left = chars
  for (const [name, count] of counts) {
    const text = `${name.length > 40 ? `${name.slice(0, 39)}…` : name} (${count})`
    left -= text.length + 2
    if (left < 0) break
    shown.push(text)
  }
  const more = counts.length - shown.length
  return shown.join(', ') + (more > 0 ? `, ${more} more` : '')
}
