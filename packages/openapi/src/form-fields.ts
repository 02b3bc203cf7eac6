import type { JsonSchema, PartEncoding } from '@sluice/contract'
import { isObject } from '@sluice/schema'
import { type FileLook, fileSchema } from './file-use.ts'

type Target = FileLook['target']

/** The fields that a form can have. */
export interface FormFields {
  readonly named: Readonly<Record<string, JsonSchema>>
  /** What holds of those that no name is given to. */
  readonly others?: JsonSchema
}

/** The fields of a form that is no plain object: those of its parts and branches, which may say different things of one. */
export function formFields(schema: JsonSchema, target: Target): FormFields {
  const said = new Map<string, JsonSchema[]>()
  const others: JsonSchema[] = []
  const parts = new Set<unknown>([schema])
  // A set is walked in the order in which it grows.
  for (const part of parts) {
    if (!isObject(part) || parts.size > MOST_PARTS) continue
    const own = target(part)
    for (const [name, property] of Object.entries(isObject(own.properties) ? own.properties : {}))
      if (isObject(property)) said.set(name, [...(said.get(name) ?? []), property])
    if (isObject(own.additionalProperties)) others.push(own.additionalProperties)
    for (const keyword of PARTS) for (const inner of listOf(own[keyword])) parts.add(inner)
  }
  return {
    named: Object.assign(
      Object.create(null),
      Object.fromEntries([...said].map(([name, schemas]) => [name, either(schemas)])),
    ),
    ...(others.length > 0 ? { others: either(others) } : {}),
  }
}

const MOST_PARTS = 200
const PARTS = ['allOf', 'anyOf', 'oneOf'] as const

function either(schemas: readonly JsonSchema[]): JsonSchema {
  return schemas.length === 1 ? schemas[0]! : { anyOf: schemas }
}

export interface FormEncoding {
  readonly encoding: Readonly<Record<string, PartEncoding>>
  readonly otherEncoding?: PartEncoding
}

/** The schema of such a form as a model gives its values: with files in place of bytes. The very same where it has none. */
export function withFileFields(
  schema: JsonSchema,
  form: FormEncoding,
  target: Target,
  known: Map<JsonSchema, JsonSchema> = new Map(),
): JsonSchema {
  const before = known.get(schema)
  if (before || known.size > MOST_PARTS) return before ?? schema
  known.set(schema, schema)
  const own = target(schema)
  const changed = ownFiles(own, form, target)
  for (const keyword of PARTS) {
    const parts = listOf(own[keyword])
    const after = parts.map((part) => (isObject(part) ? withFileFields(part, form, target, known) : part))
    if (after.some((part, index) => part !== parts[index])) changed[keyword] = after
  }
  const result = Object.keys(changed).length > 0 ? { ...own, ...changed } : schema
  known.set(schema, result)
  return result
}

function ownFiles(own: JsonSchema, form: FormEncoding, target: Target): Record<string, unknown> {
  const properties = isObject(own.properties) ? Object.entries(own.properties) : []
  const files = properties.map(([name, property]) => [name, asFile(property, form.encoding[name], target)] as const)
  return {
    ...(files.some(([, file], index) => file !== properties[index]![1])
      ? { properties: Object.fromEntries(files) }
      : {}),
    ...(form.otherEncoding?.file && isObject(own.additionalProperties)
      ? { additionalProperties: asFile(own.additionalProperties, form.otherEncoding, target) }
      : {}),
  }
}

function asFile(property: unknown, encoding: PartEncoding = {}, target: Target): unknown {
  if (!encoding.file || !isObject(property)) return property
  return fileSchema(property, encoding.file === 'said' ? 'sometimes' : 'always', { ...encoding, target })
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}
