import type { JsonSchema } from '@sluice/contract'
import type { DeclaredResponse } from './list-bodies.ts'
import type { DeclaredOperation } from './list-operations.ts'
import type { SchemaReader } from './read-schema.ts'

/** What a success looks like is told up to this size: what is larger, by its shape. */
const MOST_BYTES = 6 * 1024

/**
 * The schema of a successful JSON answer, self-contained: of the lowest 2xx, else of `2XX`, else of `default` (B171). Nothing
 * where the document says nothing of it. As declared: what is served of it is made permissive (B142).
 */
export type OutputSchemas = (operation: DeclaredOperation) => OutputSchema | undefined

export interface OutputSchema {
  readonly schema: JsonSchema
  /** JSON of it. */
  readonly text: string
}

/** Many operations answer with the same component: they share its schema, which is made once. */
export function createOutputSchemas(reader: SchemaReader): OutputSchemas {
  const made = new Map<string, OutputSchema>()
  return ({ responses }) => {
    const success = successOf(responses)
    if (success?.schema === undefined) return undefined
    const schema = reader.read(success.schema, success.schemaPointer)
    const key = JSON.stringify(schema)
    const known = made.get(key) ?? asText(withinBytes(schema, key.length, reader))
    if (key.length <= MOST_KEY) made.set(key, known)
    return known
  }
}

/** References to a component, or to a list of it, are shorter. */
const MOST_KEY = 300

function asText(schema: JsonSchema): OutputSchema {
  return { schema, text: JSON.stringify(schema) }
}

function withinBytes(schema: JsonSchema, length: number, reader: SchemaReader): JsonSchema {
  const { defs, cut } = reader.definitionsFor([schema], MOST_BYTES)
  if (cut || length > MOST_BYTES) return reader.shapeOf(schema, MOST_BYTES)
  return Object.keys(defs).length > 0 ? { ...schema, $defs: defs } : schema
}

function successOf(responses: readonly DeclaredResponse[]): DeclaredResponse | undefined {
  const numbered = responses
    .filter(({ status }) => /^2\d\d$/.test(status))
    .toSorted((a, b) => (a.status < b.status ? -1 : 1))
  return (
    numbered.find(({ schema }) => schema !== undefined) ??
    responses.find(({ status }) => /^2XX$/i.test(status)) ??
    (numbered.length === 0 ? responses.find(({ status }) => status === 'default') : undefined)
  )
}
