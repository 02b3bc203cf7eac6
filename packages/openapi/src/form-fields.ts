import type { JsonSchema, PartEncoding } from '@sluice/contract'
import { isObject } from '@sluice/schema'
import { type FileLook, fileSchema } from './file-use.ts'

type Target = FileLook['target']

/** The fields that a form can have; parts without names have their places as names. */
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
    // Parts without names go by their place (OpenAPI 3.2 4.14.2).
    for (const [index, item] of listOf(own.prefixItems).entries())
      if (isObject(item)) said.set(String(index), [...(said.get(String(index)) ?? []), item])
    others.push(...[own.additionalProperties, own.items].filter(isObject))
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
  const changed: Record<string, unknown> = {}
  if (isObject(own.properties) && Object.keys(own.properties).some((name) => hasFiles(form.encoding[name]))) {
    const entries = Object.entries(own.properties)
    changed.properties = Object.fromEntries(
      entries.map(([name, property]) => [name, asFile(property, form.encoding[name], target)]),
    )
  }
  const places = listOf(own.prefixItems)
  if (places.some((_item, index) => hasFiles(form.encoding[index])))
    changed.prefixItems = places.map((item, index) => asFile(item, form.encoding[index], target))
  for (const keyword of ['additionalProperties', 'items'] as const)
    if (hasFiles(form.otherEncoding) && isObject(own[keyword]))
      changed[keyword] = asFile(own[keyword], form.otherEncoding, target)
  return changed
}

/** Whether a part is a file, or made of parts that are. */
function hasFiles({ file, encoding = {}, otherEncoding }: PartEncoding = {}): boolean {
  return (
    Boolean(file) || Object.values(encoding).some(hasFiles) || (otherEncoding !== undefined && hasFiles(otherEncoding))
  )
}

function asFile(property: unknown, encoding: PartEncoding = {}, target: Target): unknown {
  if (!isObject(property) || !hasFiles(encoding)) return property
  if (!encoding.file) return withFileFields(property, { encoding: {}, ...encoding }, target)
  return fileSchema(property, encoding.file === 'said' ? 'sometimes' : 'always', { ...encoding, target })
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}
