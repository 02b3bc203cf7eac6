import { type JsonSchema, PARAM_HEADER } from '@sluice/contract'
import { isExactNumber, isObject, objectOf } from '@sluice/schema'
import type { ReadHeader } from './settle-request.ts'

/**
 * What is wrong with the headers that repeat arguments: one that is missing, or that says something else than the arguments do.
 * Nothing is expected for an argument that is left out.
 */
export function paramHeaderFault(schema: JsonSchema, args: unknown, header: ReadHeader): string | undefined {
  for (const { argument, name } of declaredIn(schema)) {
    const value = isObject(args) ? args[argument] : undefined
    const text = textOf(value)
    if (text === undefined) continue
    const given = header(`mcp-param-${name.toLowerCase()}`)
    if (given === undefined) return `The header Mcp-Param-${name} must repeat the argument ${argument}`
    if (!isSame(value, text, decoded(given)))
      return `The header Mcp-Param-${name} does not say what the argument ${argument} says`
  }
  return undefined
}

interface Declared {
  readonly argument: string
  readonly name: string
}

function declaredIn(schema: JsonSchema): readonly Declared[] {
  const found = known.get(schema)
  if (found) return found
  const declared = Object.entries(objectOf(schema.properties)).flatMap(([argument, property]) => {
    const name = objectOf(property)[PARAM_HEADER]
    return typeof name === 'string' ? [{ argument, name }] : []
  })
  known.set(schema, declared)
  return declared
}

const known = new WeakMap<JsonSchema, readonly Declared[]>()

function textOf(value: unknown): string | undefined {
  if (isExactNumber(value)) return value.rawJSON
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? String(value)
    : undefined
}

/** Numbers are compared as numbers: `42.0` is 42. */
function isSame(value: unknown, text: string, given: string | undefined): boolean {
  if (given === text) return true
  return typeof value === 'number' && given !== undefined && /^-?\d+(\.\d+)?$/.test(given) && Number(given) === value
}

/** What does not fit a header as it is comes as `=?base64?…?=`; nothing where that is no base64 of UTF-8. */
function decoded(value: string): string | undefined {
  const encoded = /^=\?base64\?(.*)\?=$/i.exec(value)?.[1]
  if (encoded === undefined) return value
  const bytes = Buffer.from(encoded, 'base64')
  if (bytes.toString('base64') !== encoded) return undefined
  const text = bytes.toString('utf8')
  return Buffer.from(text, 'utf8').equals(bytes) ? text : undefined
}
