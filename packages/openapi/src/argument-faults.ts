import type {
  ArgumentEdit,
  ArgumentEdits,
  JsonSchema,
  Operation,
  OperationDefinition,
  ProblemError,
} from '@sluice/contract'
import { checkSchema, isObject, nearestName, resolveLocal, type SchemaFault } from '@sluice/schema'
import { hasArgument } from './edit-arguments.ts'
import { pointerTo } from './json-pointer.ts'

/** What is wrong with a curator's edits of a tool's arguments; an empty list is fine. Pointers begin with `/arguments`. */
export function argumentFaults(
  { operation }: Pick<OperationDefinition, 'operation'>,
  edits: ArgumentEdits,
): ProblemError[] {
  return Object.entries(edits).flatMap(([name, edit]): ProblemError[] => {
    const fault = hasArgument(operation.inputSchema, name) ? faultOf(operation, name, edit) : unknown(operation, name)
    return fault ? [{ pointer: pointerTo('/arguments', name), ...fault }] : []
  })
}

type Fault = Omit<ProblemError, 'pointer'>

function unknown({ inputSchema }: Operation, name: string): Fault {
  const names = Object.keys(isObject(inputSchema.properties) ? inputSchema.properties : {})
  const near = nearestName(name, names)
  const told = names.length > 0 ? `Its arguments are ${names.slice(0, 20).join(', ')}.` : 'It has no arguments.'
  return { detail: `The tool has no argument "${name}".`, fix: near ? `Did you mean "${near}"?` : told }
}

function faultOf(operation: Operation, name: string, edit: ArgumentEdit): Fault | undefined {
  const { inputSchema } = operation
  if ('hidden' in edit) return isRequired(inputSchema, name) ? cannotHide(name) : undefined
  if ('value' in edit) return valueFault(inputSchema, name, edit.value)
  if ('secret' in edit) return secretFault(operation, name)
  return undefined
}

function isRequired({ required }: JsonSchema, name: string): boolean {
  return Array.isArray(required) && required.includes(name)
}

function cannotHide(name: string): Fault {
  return {
    detail: `"${name}" is required, so it cannot be left out of every call.`,
    fix: 'Give it a value that is sent with every call: {"value": …}.',
  }
}

function valueFault(inputSchema: JsonSchema, name: string, value: unknown): Fault | undefined {
  const schema = propertyOf(inputSchema, name)
  // References are into the root's definitions, so these come along.
  const faults = checkSchema({ ...schema, ...(inputSchema.$defs ? { $defs: inputSchema.$defs } : {}) }, value)
  if (faults.length === 0) return undefined
  return {
    detail: `The value does not fit "${name}": ${faults.slice(0, 5).map(tell).join('; ')}.`,
    fix: 'Give a value that the argument’s schema takes.',
  }
}

function tell({ path, message, property }: SchemaFault): string {
  return `${path ? `${path} ` : ''}${message}${property ? ` (${property})` : ''}`
}

function secretFault(operation: Operation, name: string): Fault | undefined {
  if (isFile(operation, name)) {
    return { detail: `"${name}" is a file; a secret is a text.`, fix: 'Give it a value, or leave it to the model.' }
  }
  if (takesText(propertyOf(operation.inputSchema, name), operation.inputSchema)) return undefined
  return {
    detail: `"${name}" takes no text, and a secret is one.`,
    fix: 'Give it a value: {"value": …}. A value is no secret: whoever may read the tool can read it.',
  }
}

function propertyOf({ properties }: JsonSchema, name: string): JsonSchema {
  const property = (properties as Record<string, unknown>)[name]
  return isObject(property) ? property : {}
}

/** Bytes are decoded from base64 while the request is built, when a secret is not yet known. */
function isFile({ body }: Operation, name: string): boolean {
  if (!body) return false
  if ('argument' in body.from) return body.from.argument === name && body.contents.some(({ kind }) => kind === 'binary')
  const property = body.from.properties.find(({ argument }) => argument === name)?.property
  return property !== undefined && body.contents.some(({ encoding }) => encoding[property]?.file === true)
}

function takesText(schema: unknown, root: JsonSchema, depth = 0): boolean {
  if (!isObject(schema) || depth > 16) return schema !== false
  const target = resolveLocal(schema, root)
  const inner = (branch: unknown) => takesText(branch, root, depth + 1)
  if (target.type !== undefined && ![target.type].flat().includes('string')) return false
  if ('const' in target && typeof target.const !== 'string') return false
  if (Array.isArray(target.enum) && !target.enum.some((value) => typeof value === 'string')) return false
  if (Array.isArray(target.anyOf) && !target.anyOf.some(inner)) return false
  if (Array.isArray(target.oneOf) && !target.oneOf.some(inner)) return false
  return !Array.isArray(target.allOf) || target.allOf.every(inner)
}
