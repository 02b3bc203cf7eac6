import type { JsonSchema, ProblemError } from '@sluice/contract'
import { pointerTo } from '@sluice/openapi'
import { checkSchema, isObject, nearestName, type SchemaFault } from '@sluice/schema'
import { chooseBranch } from './choose-branch.ts'
import { sayFault } from './say-fault.ts'

/** Where in the request a value stands. */
export type Where = 'body' | 'query' | 'path'

/**
 * What is wrong with a value, fault by fault, each at its place and with what to do; an empty list is fine. Where the schema
 * has alternatives, one is told of: the one that was meant.
 */
export function explainFaults(schema: JsonSchema, value: unknown, where: Where): ProblemError[] {
  return explain(schema, value, [], where)
}

function explain(schema: JsonSchema, value: unknown, at: readonly string[], where: Where): ProblemError[] {
  const faults = withoutMeant(checkSchema(schema, value), schema, value)
  const unions = outermost(faults.filter(({ keyword }) => keyword === 'anyOf').map(({ path }) => path))
  const errors = faults
    .filter(({ path }) => !unions.some((union) => isWithin(path, union)))
    .map((fault) => errorOf(fault, schema, value, at, where))
  return [...errors, ...unions.flatMap((union) => explainUnion(union, schema, value, at, where))]
}

/** What is missing is not told where a name that is nearly its own stands beside: that one fault is told. */
function withoutMeant(faults: readonly SchemaFault[], schema: JsonSchema, value: unknown): readonly SchemaFault[] {
  const unknown = faults.filter(({ keyword }) => keyword === 'additionalProperties')
  const meant = unknown.map(({ path, property = '' }) => {
    const { properties } = schemaAt(schema, tokensOf(path, value))
    return `${path} ${nearestName(property, Object.keys(isObject(properties) ? properties : {}))}`
  })
  return faults.filter(
    ({ keyword, path, property }) => keyword !== 'required' || !meant.includes(`${path} ${property}`),
  )
}

function explainUnion(
  union: string,
  schema: JsonSchema,
  value: unknown,
  at: readonly string[],
  where: Where,
): ProblemError[] {
  const tokens = tokensOf(union, value)
  const inner = tokens.reduce<unknown>((within, token) => (within as Record<string, unknown>)[token], value)
  const choice = chooseBranch(schemaAt(schema, tokens), inner)
  const place = [...at, ...tokens]
  if ('schema' in choice) return explain(choice.schema, inner, place, where)
  return choice.faults.map(({ tokens: deeper, ...said }) => ({
    ...said,
    pointer: placeOf([...place, ...deeper], where),
    detail: `${nameOf([...place, ...deeper], where)} ${said.detail}`,
  }))
}

function errorOf(
  fault: SchemaFault,
  schema: JsonSchema,
  value: unknown,
  at: readonly string[],
  where: Where,
): ProblemError {
  const tokens = tokensOf(fault.path, value)
  const place = [...at, ...tokens, ...(fault.property === undefined ? [] : [fault.property])]
  const about = schemaAt(schema, tokens)
  const within = tokens.reduce<unknown>((inner, token) => (inner as Record<string, unknown>)[token], value)
  return { pointer: placeOf(place, where), ...sayFault(fault, nameOf(place, where), about, within) }
}

/** A place as problems have it: a JSON pointer into the body, or the name of a parameter. */
export function placeOf(tokens: readonly string[], where: Where): string {
  return where === 'body' ? pointerTo('', ...tokens) : tokens.join('.')
}

/** The same for people. */
export function nameOf(tokens: readonly string[], where: Where): string {
  return tokens.join('.') || `the ${where}`
}

/** A dotted path as the keys that it means: a key may hold a dot itself. */
function tokensOf(path: string, value: unknown): string[] {
  if (path === '') return []
  const keys = typeof value === 'object' && value !== null ? Object.keys(value) : []
  const key = keys.find((one) => path === one) ?? keys.find((one) => path.startsWith(`${one}.`))
  if (key === undefined) return path.split('.')
  return [key, ...tokensOf(path.slice(key.length + 1), (value as Record<string, unknown>)[key])]
}

/** What the schema says of a value within. Alternatives are none of its steps: they are chosen one by one. */
function schemaAt(schema: JsonSchema, tokens: readonly string[]): JsonSchema {
  return tokens.reduce<JsonSchema>((within, token) => {
    const { properties, patternProperties, additionalProperties, items } = within
    const named = isObject(properties) && Object.hasOwn(properties, token) ? properties[token] : undefined
    const [byPattern] = isObject(patternProperties) ? Object.values(patternProperties) : []
    const next = named ?? byPattern ?? items ?? additionalProperties
    return isObject(next) ? next : {}
  }, schema)
}

function outermost(paths: readonly string[]): string[] {
  const all = [...new Set(paths)]
  return all.filter((path) => !all.some((other) => other !== path && isWithin(path, other)))
}

function isWithin(path: string, other: string): boolean {
  return path === other || other === '' || path.startsWith(`${other}.`)
}
