import type { JsonSchema } from '@sluice/contract'
import { describeFilter } from '@sluice/sandbox'

interface Filters {
  readonly upstreamFilter: string | null
  readonly responseFilter: string | null
}

interface Told {
  /** What is left of an answer; nothing where the document does not tell. */
  readonly outputSchema: JsonSchema | undefined
  readonly notes: readonly string[]
}

const MOST_NAMES = 12

/** What the filters of an upstream and then of its tool make of the answers that the document describes (S37). */
export function tellFilters(declared: JsonSchema | undefined, { upstreamFilter, responseFilter }: Filters): Told {
  const filters = [
    { whose: 'The response filter of the upstream', expression: upstreamFilter },
    { whose: 'The response filter', expression: responseFilter },
  ]
  let schema = declared
  const notes: string[] = []
  for (const { whose, expression } of filters) {
    if (!expression || !schema) continue
    const described = describeFilter(expression, schema)
    if (described.selectsNothing) notes.push(`${whose} selects nothing of the answers that the document describes.`)
    for (const { name, declared: known } of described.undeclared) notes.push(tellName(whose, name, known))
    schema = described.schema
  }
  return { outputSchema: schema, notes }
}

function tellName(whose: string, name: string, known: readonly string[]): string {
  if (known.length === 0) return `${whose} looks for "${name}" where the document has no object.`
  const more = known.length > MOST_NAMES ? ` and ${known.length - MOST_NAMES} more` : ''
  return `${whose} looks for "${name}", which the document does not have there; it has ${known.slice(0, MOST_NAMES).join(', ')}${more}.`
}
