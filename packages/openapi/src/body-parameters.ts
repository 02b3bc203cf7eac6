import { isObject } from '@sluice/schema'
import { pointerTo } from './json-pointer.ts'
import type { ParameterPlace } from './list-parameters.ts'
import { type Located, parameterInvalid, resolveParameters } from './resolve-object.ts'
import { isBody, swaggerBody } from './swagger-body.ts'

/**
 * The body of an operation of OpenAPI 3: its `requestBody`, or what parameters `in: body` and `in: formData` say, which documents that were
 * brought from Swagger 2.0 by hand have still.
 */
export function requestBodyOf(
  place: ParameterPlace,
  { parameters, requestBody, consumes }: Record<string, unknown>,
  pointer: string,
): unknown {
  const { root, levels, findings } = place
  const list = (value: unknown, at: string) =>
    resolveParameters(root, value, pointerTo(at, 'parameters'), findings).filter(isBody)
  const own = list(parameters, pointer)
  const found = own.length > 0 ? own : levels.flatMap((level) => list(level.value.parameters, level.pointer))
  if (found.length === 0) return requestBody
  if (requestBody !== undefined) {
    const message = 'The operation has a `requestBody`, which counts; this parameter of Swagger 2.0 was left out'
    for (const one of found) parameterInvalid(findings, one.pointer, message)
    return requestBody
  }
  for (const one of found) {
    const message = `\`in: ${one.value.in}\` is of Swagger 2.0; it was read as the body, or as a field of it`
    const fix = 'Write a `requestBody`.'
    findings.add({ code: 'parameter-body', severity: 'warning', pointer: one.pointer, message, fix })
  }
  const types = Array.isArray(consumes) ? consumes : Array.isArray(root.consumes) ? root.consumes : []
  return swaggerBody(
    found.map(withOwnSchema),
    types.filter((type) => typeof type === 'string'),
    place,
  )
}

/** In Swagger 2.0 a field of a form is its own schema. */
function withOwnSchema({ value, pointer }: Located): Located {
  const { schema, ...own } = value
  if (value.in !== 'formData' || !isObject(schema) || schema.$ref !== undefined) return { value, pointer }
  return { value: { ...schema, ...own }, pointer }
}
