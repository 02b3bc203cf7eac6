import { isObject } from '@sluice/schema'

/** A JSON body as a form that says the same: a part `file` with the document, and a field for all else. Fields are text. */
export function formOf(body: unknown): Record<string, unknown> {
  const properties = isObject(body) && isObject(body.properties) ? body.properties : {}
  const file = {
    type: 'string',
    format: 'binary',
    description: 'The document, as a file; then `text` and `url` are left out.',
  }
  const fields = Object.entries(properties).map(([name, schema]) => [name, fieldOf(schema)])
  return { type: 'object', properties: { file, ...Object.fromEntries(fields) }, additionalProperties: false }
}

function fieldOf(schema: unknown): unknown {
  if (!isObject(schema) || schema.type === 'string' || schema.type === 'boolean') return schema
  const { description, ...content } = schema
  return {
    type: 'string',
    description: [description, 'As JSON text; a single text may stand for itself.'].filter(Boolean).join(' '),
    contentMediaType: 'application/json',
    contentSchema: content,
  }
}
