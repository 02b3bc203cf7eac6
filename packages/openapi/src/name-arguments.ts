import { safeKey } from '@sluice/schema'
import type { DraftArgument } from './bind-parameters.ts'

/**
 * The final names of the arguments, in the order given: `[A-Za-z0-9_.-]`, at most 64 characters (B39). Where several places
 * want one name, the path has it first and the others say their place: `id`, `query_id`, `body_id` (B38).
 */
export function nameArguments(drafts: readonly DraftArgument[], reserved: readonly string[]): string[] {
  const names: string[] = new Array(drafts.length)
  const taken = new Set(reserved.map(fold))
  const order = drafts
    .map((draft, index) => ({ draft, index }))
    .toSorted((a, b) => priority(a.draft) - priority(b.draft))
  for (const { draft, index } of order) {
    const base = safeKey(draft.wanted)
    let name = taken.has(fold(base)) ? safeKey(`${draft.place}_${draft.wanted}`) : base
    for (let n = 2; taken.has(fold(name)); n++) name = `${base.slice(0, 60)}_${n}`
    taken.add(fold(name))
    names[index] = name
  }
  return names
}

const PRIORITY = ['path', 'query', 'body', 'querystring', 'header', 'cookie']

function priority(draft: DraftArgument): number {
  return PRIORITY.indexOf(draft.place)
}

/** Names that differ only by case are one for some clients. */
function fold(name: string): string {
  return name.toLowerCase()
}
