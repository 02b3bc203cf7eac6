import type { JsonSchema, Operation } from '@sluice/contract'
import { isPlain } from '../walk-operations.ts'

/** The input schema of an operation, in which files are bytes in base64, as the descriptions of such arguments ask for. */
export function generatedSchema({ inputSchema, body }: Operation): JsonSchema {
  if (!body || !isPlain(inputSchema.properties)) return inputSchema
  const content = body.contents[0]!
  const files =
    'argument' in body.from
      ? content.kind === 'binary'
        ? [body.from.argument]
        : []
      : body.from.properties
          .filter(({ property }) => body.contents.some(({ encoding }) => encoding[property]?.file))
          .map(({ argument }) => argument)
  if (files.length === 0) return inputSchema
  const properties = Object.fromEntries(
    Object.entries(inputSchema.properties).map(([name, schema]) => [
      name,
      files.includes(name) ? fileIn(schema) : schema,
    ]),
  )
  return { ...inputSchema, properties }
}

const FILE = { type: 'string', enum: ['aGVsbG8='] }

function fileIn(schema: unknown): JsonSchema {
  return isPlain(schema) && schema.type === 'array' ? { type: 'array', items: FILE } : FILE
}
