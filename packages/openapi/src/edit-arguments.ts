import type { ArgumentEdit, ArgumentEdits, JsonSchema, OperationDefinition } from '@sluice/contract'
import { isObject } from '@sluice/schema'

/** Both schemas of a tool: what arguments are checked against, and what a model is shown. */
export interface EditedSchemas {
  readonly inputSchema: JsonSchema
  readonly wireSchema: JsonSchema
}

/**
 * Both schemas after the curator's edits (B182, B183): hidden and fixed arguments are gone, descriptions are the curator's.
 * Edits of arguments that the definition does not have, since the document changed, are left out. Nothing given is changed;
 * a schema that no edit touches is returned itself, since compiled checks are kept by object.
 */
export function editArguments(
  { operation, wireSchema }: Pick<OperationDefinition, 'operation' | 'wireSchema'>,
  edits: ArgumentEdits,
): EditedSchemas {
  const { inputSchema } = operation
  const known = Object.entries(edits).filter(([name]) => hasArgument(inputSchema, name))
  if (known.length === 0) return { inputSchema, wireSchema }
  const change: Change = {
    gone: new Set(known.filter(([, edit]) => !('description' in edit)).map(([name]) => name)),
    told: new Map(known.flatMap(([name, edit]) => ('description' in edit ? [[name, edit.description] as const] : []))),
    needed: neededBy(inputSchema, known),
  }
  return { inputSchema: editSchema(inputSchema, change), wireSchema: editSchema(wireSchema, change) }
}

/** Whether a tool has an argument of this name. */
export function hasArgument(inputSchema: JsonSchema, name: string): boolean {
  return isObject(inputSchema.properties) && Object.hasOwn(inputSchema.properties, name)
}

interface Change {
  readonly gone: ReadonlySet<string>
  readonly told: ReadonlyMap<string, string>
  /** Required from now on. */
  readonly needed: readonly string[]
}

/** What is fixed is always given, so what is needed together with it is always needed. */
function neededBy({ dependentRequired }: JsonSchema, known: ReadonlyArray<readonly [string, ArgumentEdit]>): string[] {
  if (!isObject(dependentRequired)) return []
  const fixed = known.filter(([, edit]) => 'value' in edit || 'secret' in edit).map(([name]) => name)
  return fixed.flatMap((name) => (Object.hasOwn(dependentRequired, name) ? strings(dependentRequired[name]) : []))
}

function editSchema(schema: JsonSchema, change: Change): JsonSchema {
  const { properties, required, dependentRequired, ...rest } = schema
  const kept = Object.entries(isObject(properties) ? properties : {}).filter(([name]) => !change.gone.has(name))
  const names = new Set(kept.map(([name]) => name))
  const left = [...new Set([...strings(required), ...change.needed])].filter((name) => names.has(name))
  const together = isObject(dependentRequired) ? editTogether(dependentRequired, change.gone) : []
  return {
    ...rest,
    properties: Object.fromEntries(kept.map(([name, property]) => [name, tell(property, change.told.get(name))])),
    ...(left.length > 0 ? { required: left } : {}),
    ...(together.length > 0 ? { dependentRequired: Object.fromEntries(together) } : {}),
  }
}

function editTogether(
  dependentRequired: Record<string, unknown>,
  gone: ReadonlySet<string>,
): Array<[string, string[]]> {
  return Object.entries(dependentRequired)
    .filter(([name]) => !gone.has(name))
    .map(([name, needed]): [string, string[]] => [name, strings(needed).filter((other) => !gone.has(other))])
    .filter(([, needed]) => needed.length > 0)
}

function tell(property: unknown, description: string | undefined): unknown {
  if (description === undefined) return property
  // `true` is the schema `{}`.
  return isObject(property) || property === true ? { ...(property as object), description } : property
}

function strings(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : []
}
