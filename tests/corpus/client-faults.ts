import type { JsonSchema, OperationDefinition } from '@sluice/contract'

/** What a client would refuse of a tool: its name (B32, B33) and its schema (B39, B43, B51, B62, B67). Empty means none. */
export function clientFaults({ name, wireSchema }: OperationDefinition): string[] {
  const naming = /^[a-z][a-z0-9_]{0,47}$/.test(name) ? [] : [`the name ${name}`]
  return [...naming, ...schemaFaults(wireSchema)]
}

/** What a client's API takes: `protocol` rules of Anthropic, OpenAI, Gemini and Copilot together. */
function schemaFaults(schema: JsonSchema): string[] {
  const isPlain = schema.type === 'object' && !('anyOf' in schema) && 'properties' in schema
  const root = isPlain ? [] : ['the root is no plain object']
  const keys = Object.keys((schema.properties as object | undefined) ?? {}).filter((key) => !SAFE_KEY.test(key))
  return [...root, ...keys.map((key) => `argument ${key}`), ...innerFaults(schema)]
}

const SAFE_KEY = /^[A-Za-z0-9_.-]{1,64}$/

const REFUSED = [
  '$ref',
  '$defs',
  'oneOf',
  'allOf',
  'not',
  'if',
  'const',
  'nullable',
  'additionalProperties',
  'patternProperties',
  'exclusiveMinimum',
  'examples',
  'discriminator',
  'xml',
  'readOnly',
]

function innerFaults(schema: unknown): string[] {
  if (typeof schema !== 'object' || schema === null || Array.isArray(schema)) return []
  const value = schema as Record<string, unknown>
  const own = REFUSED.filter((keyword) => keyword in value)
  if (Array.isArray(value.type)) own.push('a list of types')
  if (Array.isArray(value.required) && value.required.length === 0) own.push('an empty required')
  if (value.type === 'array' && !('items' in value)) own.push('an array without items')
  const members = value.properties ? Object.values(value.properties as object) : []
  const branches = Array.isArray(value.anyOf) ? value.anyOf : []
  return [...own, ...[...members, ...branches, value.items].flatMap(innerFaults)]
}
