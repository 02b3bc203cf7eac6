import type { JsonSchema, ProblemError } from '@sluice/contract'
import { checkSchema, isObject, nearestName, type SchemaFault } from '@sluice/schema'

/** One alternative, or what is to be said of all of them; `tokens` lead from the value to its fault. */
export type BranchChoice =
  | { readonly schema: JsonSchema }
  | { readonly faults: ReadonlyArray<Omit<ProblemError, 'pointer'> & { readonly tokens: readonly string[] }> }

/** Which alternative of `anyOf` a value that fits none was meant for: by its type, by what tells them apart, else by its faults. */
export function chooseBranch(union: JsonSchema, value: unknown): BranchChoice {
  const branches = (Array.isArray(union.anyOf) ? union.anyOf : []).filter(isObject)
  const typed = branches.filter((branch) => takesType(branch, value))
  if (typed.length === 0) return { faults: [wrongType(branches)] }
  if (typed.length === 1 || !isObject(value)) return { schema: typed[0]! }
  return byDiscriminator(typed, value) ?? byFaults(typed, value)
}

function takesType(branch: JsonSchema, value: unknown): boolean {
  return typesOf(branch).some((type) => type === typeOf(value) || (type === 'integer' && Number.isInteger(value)))
}

function typesOf({ type, enum: values }: JsonSchema): unknown[] {
  if (type !== undefined) return [type].flat()
  return Array.isArray(values) ? values.map(typeOf) : []
}

function typeOf(value: unknown): string {
  if (value === null) return 'null'
  return Array.isArray(value) ? 'array' : typeof value
}

function wrongType(branches: readonly JsonSchema[]) {
  const types = [...new Set(branches.flatMap(typesOf))]
  return { tokens: [], detail: `must be ${types.join(' or ')}.` }
}

/** A property that is a constant in each of them: it says which is meant, or is what is wrong. */
function byDiscriminator(branches: readonly JsonSchema[], value: Record<string, unknown>): BranchChoice | undefined {
  const [first] = branches
  const name = Object.keys(propertiesOf(first!)).find((key) =>
    branches.every((branch) => constOf(branch, key) !== undefined),
  )
  if (name === undefined) return undefined
  const meant = branches.find((branch) => constOf(branch, name) === value[name])
  if (meant) return { schema: meant }
  const values = branches.map((branch) => String(constOf(branch, name)))
  const listed = values.map((one) => JSON.stringify(one)).join(', ')
  if (!Object.hasOwn(value, name))
    return { faults: [{ tokens: [name], detail: 'is missing.', fix: `It is one of ${listed}.` }] }
  const near = nearestName(String(value[name]), values)
  return {
    faults: [
      { tokens: [name], detail: `must be one of ${listed}.`, ...(near ? { fix: `Did you mean ${near}?` } : {}) },
    ],
  }
}

function byFaults(branches: readonly JsonSchema[], value: Record<string, unknown>): BranchChoice {
  const weighed = branches
    .map((schema) => ({ schema, faults: checkSchema(schema, value) }))
    .map((one) => ({ ...one, weight: one.faults.length - slips(one.schema, one.faults) }))
    .toSorted((a, b) => a.weight - b.weight)
  const [best, second] = weighed
  if (best!.weight < second!.weight) return { schema: best!.schema }
  return { faults: noneMeant(branches, value) }
}

/** A name that is nearly one of theirs counts less: what it stands for is not missing either. */
function slips(schema: JsonSchema, faults: readonly SchemaFault[]): number {
  const names = Object.keys(propertiesOf(schema))
  return faults.filter(({ keyword, path, property = '' }) => {
    return keyword === 'additionalProperties' && path === '' && nearestName(property, names) !== undefined
  }).length
}

function noneMeant(branches: readonly JsonSchema[], value: Record<string, unknown>) {
  const names = [...new Set(branches.flatMap((branch) => Object.keys(propertiesOf(branch))))]
  const fix = `It has one of ${names.join(', ')}.`
  const given = Object.keys(value)
  const unknown = given.filter((name) => !names.includes(name))
  if (unknown.length > 0) return unknown.map((name) => ({ tokens: [name], detail: 'is not known here.', fix }))
  if (given.length < 2) return [{ tokens: [], detail: 'is none of what is taken here.', fix }]
  return [{ tokens: [], detail: `has ${given.join(' and ')}, which do not go together.`, fix }]
}

function propertiesOf({ properties }: JsonSchema): Record<string, unknown> {
  return isObject(properties) ? properties : {}
}

function constOf(branch: JsonSchema, name: string): unknown {
  const property = propertiesOf(branch)[name]
  return isObject(property) ? property.const : undefined
}
