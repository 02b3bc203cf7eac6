import type { JsonSchema, Operation } from '@sluice/contract'
import { isPlain } from '../walk-operations.ts'

/** The input schema of an operation, in which files are bytes in base64, as the descriptions of such arguments ask for. */
export function generatedSchema({ inputSchema, body }: Operation): JsonSchema {
  if (!body || !isPlain(inputSchema.properties)) return inputSchema
  const isFile = (property: string) => body.contents.some(({ encoding }) => encoding[property]?.file)
  const files =
    'argument' in body.from
      ? body.contents[0]!.kind === 'binary'
        ? [body.from.argument]
        : []
      : body.from.properties.filter(({ property }) => isFile(property)).map(({ argument }) => argument)
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
const DATA_URL = { type: 'string', enum: ['data:text/plain;base64,aGVsbG8='] }

function fileIn(schema: unknown): JsonSchema {
  if (isPlain(schema) && schema.type === 'array') return { type: 'array', items: FILE }
  return isPlain(schema) && takesDataUrl(schema) ? withDataUrl(schema) : FILE
}

/** Where something else is meant in another media type, a file is told from it by being a data URL. */
function takesDataUrl(schema: JsonSchema): boolean {
  return isDataUrl(schema) || branchesOf(schema).some(takesDataUrl)
}

function withDataUrl(schema: JsonSchema): JsonSchema {
  if (isDataUrl(schema)) return DATA_URL
  const branches = branchesOf(schema)
  return branches.length > 0 ? { ...schema, anyOf: branches.map(withDataUrl) } : schema
}

function isDataUrl({ pattern }: JsonSchema): boolean {
  return typeof pattern === 'string' && pattern.startsWith('^data:')
}

function branchesOf({ anyOf }: JsonSchema): JsonSchema[] {
  return Array.isArray(anyOf) ? anyOf.filter(isPlain) : []
}
