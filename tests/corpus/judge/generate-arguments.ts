import type { JsonSchema } from '@sluice/contract'
import { checkSchema, type SchemaFault } from '@sluice/schema'
import { generateValue, type Steps } from './generate-value.ts'
import { seededRandom } from './seeded-random.ts'

export type Mode = 'minimal' | 'full'

/** Arguments that the schema takes, or what was wrong with the last that were tried. */
export type Generated =
  | { readonly args: Record<string, unknown> }
  | { readonly args?: undefined; readonly faults: readonly SchemaFault[] }

/** Arguments for one tool. What the schema refuses is made anew, then left out where it may be left out. */
export function generateArguments(
  schema: JsonSchema,
  mode: Mode,
  seed: number,
  toward: readonly Steps[] = [],
): Generated {
  let faults: readonly SchemaFault[] = []
  for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
    const args = generateSized(schema, mode, seed + attempt * 7919, toward)
    faults = checkSchema(schema, args)
    if (faults.length === 0) return { args }
    const pruned = prune(schema, args, faults)
    if (pruned) return { args: pruned }
  }
  return { faults }
}

const MOST_ATTEMPTS = 6

/** Everything down to a depth, a lesser one where that would be thousands of values: what is below is given another time. */
function generateSized(
  schema: JsonSchema,
  mode: Mode,
  seed: number,
  toward: readonly Steps[],
): Record<string, unknown> {
  for (let deepest = DEEPEST; ; deepest--) {
    const budget = { left: MOST_VALUES }
    const wish = { mode, random: seededRandom(seed), root: schema, toward, deepest, budget }
    const args = generateValue(schema, wish) as Record<string, unknown>
    if (budget.left > 0 || deepest === 1) return args
  }
}

const DEEPEST = 5
const MOST_VALUES = 150

/** The same without the optional members that do not fit: the deepest first, then the argument as a whole. */
function prune(
  schema: JsonSchema,
  args: Record<string, unknown>,
  first: readonly SchemaFault[],
): Record<string, unknown> | undefined {
  let current = args
  let faults = first
  for (let round = 0; round < MOST_ROUNDS; round++) {
    current = structuredClone(current)
    for (const { path } of faults) remove(current, path, round)
    faults = checkSchema(schema, current)
    if (faults.length === 0) return current
  }
  return undefined
}

const MOST_ROUNDS = 6

/** Removes the member that a dotted path names, or its parent where that did not help. A name may hold dots itself. */
function remove(value: Record<string, unknown>, path: string, up: number): void {
  const steps = path.split('.')
  const wanted = Math.max(1, steps.length - up)
  let at: unknown = value
  for (let index = 0; index < wanted - 1; index++) {
    if (typeof at !== 'object' || at === null) return
    at = (at as Record<string, unknown>)[steps[index]!]
  }
  if (Array.isArray(at)) at.splice(Number(steps[wanted - 1]), 1)
  else if (typeof at === 'object' && at !== null) delete (at as Record<string, unknown>)[steps[wanted - 1]!]
}
