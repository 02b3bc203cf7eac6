import type { JsonSchema } from '@sluice/contract'
import { isObject } from '@sluice/schema'

/** A value that fits a schema, made of its own examples: what an answer looks like. */
export function sampleOf(schema: unknown): unknown {
  if (!isObject(schema)) return null
  const [example] = Array.isArray(schema.examples) ? schema.examples : []
  if (example !== undefined) return example
  if (schema.const !== undefined) return schema.const
  if (Array.isArray(schema.enum)) return schema.enum[0]
  if (Array.isArray(schema.anyOf)) return sampleOf(schema.anyOf[0])
  return sampleOfType(schema)
}

function sampleOfType({ type, properties, patternProperties, items, description }: JsonSchema): unknown {
  switch (type) {
    case 'object':
      return Object.fromEntries([...samplesOf(properties), ...samplesOf(named(patternProperties))])
    case 'array':
      return [sampleOf(items)]
    case 'string':
      return typeof description === 'string' ? description : 'text'
    case 'boolean':
      return true
    case 'null':
      return null
    default:
      return type === undefined ? {} : 1
  }
}

function samplesOf(properties: unknown): Array<[string, unknown]> {
  return isObject(properties) ? Object.entries(properties).map(([name, schema]) => [name, sampleOf(schema)]) : []
}

/** Under one name, where any is taken. */
function named(patternProperties: unknown): unknown {
  const [schema] = isObject(patternProperties) ? Object.values(patternProperties) : []
  return schema && { name: schema }
}
