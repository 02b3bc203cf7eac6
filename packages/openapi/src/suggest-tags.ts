import { type DerivedOperation, LIMITS } from '@sluice/contract'

export interface TagCount {
  readonly tag: string
  readonly tools: number
  readonly tokens: number
}

/** The tags of an API with what each would cost, largest first, and a choice of them that fits what a model takes well. */
export function suggestTags(operations: readonly DerivedOperation[]): { tags: TagCount[]; fitting: string[] } {
  const counts = new Map<string, { tools: number; tokens: number }>()
  for (const operation of operations) {
    for (const tag of operation.tags) {
      const count = counts.get(tag) ?? { tools: 0, tokens: 0 }
      count.tools++
      count.tokens += operation.tokens
      counts.set(tag, count)
    }
  }
  const tags = [...counts]
    .map(([tag, count]) => ({ tag, ...count }))
    .toSorted((a, b) => b.tools - a.tools || (a.tag < b.tag ? -1 : 1))
  return { tags, fitting: fit(tags) }
}

function fit(tags: readonly TagCount[]): string[] {
  let tools = 0
  let tokens = 0
  return tags
    .filter((tag) => {
      if (tools + tag.tools > LIMITS.listedTools || tokens + tag.tokens > LIMITS.listedTokens) return false
      tools += tag.tools
      tokens += tag.tokens
      return true
    })
    .map(({ tag }) => tag)
}
