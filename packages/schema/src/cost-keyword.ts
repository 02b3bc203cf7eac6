import type { JsonSchema } from '@sluice/contract'
import { _, type CodeKeywordDefinition } from 'ajv/dist/2020.js'
import { spend } from './check-budget.ts'
import { approximate, isExactNumber } from './exact-json.ts'
import { mapSchema } from './map-schema.ts'
import { isObject } from './walk-schema.ts'

const COST = 'x-sluice-cost'

/** A copy in which every schema says what it costs to look at: each place of a union looks again, to all its depth. */
export function withCosts(schema: JsonSchema): JsonSchema {
  return mapSchema(schema, (inner) =>
    Object.keys(inner).length > 0 ? { ...withDoubles(inner), [COST]: costOf(inner) } : inner,
  )
}

/** Limits are compared with rounded values, so they are rounded; what is compared for equality is exact. */
function withDoubles(schema: JsonSchema): JsonSchema {
  const exact = Object.entries(schema).filter(([keyword, value]) => keyword !== 'const' && isExactNumber(value))
  return { ...schema, ...Object.fromEntries(exact.map(([keyword, value]) => [keyword, approximate(value)])) }
}

function costOf(schema: JsonSchema): number {
  const named = isObject(schema.properties) ? Object.keys(schema.properties).length : 0
  const required = Array.isArray(schema.required) ? schema.required.length : 0
  return 1 + named + required
}

const PER_KEY = ['additionalProperties', 'patternProperties', 'propertyNames', 'unevaluatedProperties']

export const COST_KEYWORD: CodeKeywordDefinition = {
  keyword: COST,
  schemaType: 'number',
  // Before what goes deeper.
  before: 'allOf',
  code: ({ gen, data, schema, parentSchema }) => {
    const isPerKey = PER_KEY.some((keyword) => keyword in parentSchema)
    const pay = gen.scopeValue('func', isPerKey ? { ref: payPerKey } : { ref: spend })
    gen.code(isPerKey ? _`${pay}(${schema}, ${data})` : _`${pay}(${schema})`)
  },
}

function payPerKey(cost: number, value: unknown): void {
  spend(cost + (isObject(value) ? Object.keys(value).length : 0))
}
