import { isObject } from '@sluice/schema'
import type { Findings } from './findings.ts'
import { pointerTo } from './json-pointer.ts'
import type { Origins } from './origins.ts'
import type { Located } from './resolve-object.ts'

export interface SwaggerWalk {
  readonly findings: Findings
  readonly origins: Origins
}

/** Swagger 2 keeps the schema's keywords in the parameter itself (Parameter Object, Items Object). */
export function parameterOf({ value, pointer }: Located, walk: SwaggerWalk): Record<string, unknown> {
  const {
    name,
    in: place,
    description,
    required,
    allowEmptyValue,
    collectionFormat,
    'x-example': example,
    ...inline
  } = value
  const schema = isObject(inline.schema) ? ownSchema(inline.schema, inline, pointer, walk.findings) : inline
  const parameter = {
    name,
    in: place,
    description,
    required,
    allowEmptyValue,
    // Swagger 2.0 has no examples of parameters; what documents write instead is this.
    schema: example === undefined ? schema : { example, ...schema },
    ...styleOf(String(collectionFormat), place),
  }
  if (hasNestedFormat(value.items)) {
    const message = `${name}: lists within lists are sent as JSON text; the collectionFormat of the inner ones is left out`
    walk.findings.add({ code: 'collection-format-left-out', severity: 'warning', pointer, message })
  }
  if (collectionFormat !== undefined && !FORMATS.includes(String(collectionFormat))) {
    const message = `The collectionFormat ${JSON.stringify(collectionFormat)} is not known; it was read as csv`
    const at = pointerTo(pointer, 'collectionFormat')
    walk.findings.add({ code: 'style-unknown', severity: 'warning', pointer: at, message })
  }
  walk.origins.set(parameter, pointer)
  return parameter
}

function hasNestedFormat(items: unknown): boolean {
  return isObject(items) && items.type === 'array'
}

const FORMATS = ['csv', 'ssv', 'tsv', 'pipes', 'multi']

/** Only a body has a `schema` in Swagger 2.0; documents that give one to other parameters mean it all the same. */
function ownSchema(
  schema: Record<string, unknown>,
  { schema: _schema, ...inline }: Record<string, unknown>,
  pointer: string,
  findings: Findings,
): Record<string, unknown> {
  const message = 'Only a body has a `schema` in Swagger 2.0; it was read as if it stood in the parameter itself'
  const fix = 'Put what it says into the parameter itself.'
  findings.add({ code: 'parameter-schema', severity: 'warning', pointer, message, fix })
  return { ...inline, ...schema }
}

/** A collectionFormat as the style that writes the same. */
export function styleOf(collectionFormat: string, place: unknown): Record<string, unknown> {
  switch (collectionFormat) {
    case 'multi':
      return { style: 'form', explode: true }
    case 'ssv':
      return { style: 'spaceDelimited', explode: false }
    case 'tsv':
      return { style: 'tabDelimited', explode: false }
    case 'pipes':
      return { style: 'pipeDelimited', explode: false }
    default:
      // csv is the default; in a query OpenAPI 3 would repeat the name instead.
      return place === 'query' ? { style: 'form', explode: false } : { explode: false }
  }
}
