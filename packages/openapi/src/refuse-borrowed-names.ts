import { CallFailure, type JsonSchema, type Operation, type ParameterBinding } from '@sluice/contract'
import { definitionName, isObject } from '@sluice/schema'
import { type Arguments, isPresent } from './given-arguments.ts'
import { isPlainObject } from './serialize-path.ts'

/**
 * The members of an exploded object, and the fields of a whole query, have names of their own on the wire. One may not have the name of
 * another parameter that is given, or that the document does not say of the object too: it would speak for an argument that a curator has
 * fixed or hidden (S14, B182).
 * @throws CallFailure of kind `arguments`
 */
export function refuseBorrowedNames(operation: Operation, args: Arguments, place: 'query' | 'cookie'): void {
  for (const binding of operation.parameters) {
    if (!isSpread(binding, place) || !Object.hasOwn(args, binding.argument)) continue
    const value = args[binding.argument]
    if (!isPlainObject(value)) continue
    const named = namedIn(operation, place)
    for (const key of Object.keys(value).filter((name) => isPresent(value[name]))) {
      const other = named.get(key) ?? named.get(key.replace(/\[.*$/s, ''))
      if (!other || other === binding) continue
      const isGiven = Object.hasOwn(args, other.argument) && isPresent(args[other.argument])
      if (isGiven || !saysProperty(operation.inputSchema, binding.argument, key))
        throw borrowed(binding.argument, key, other)
    }
  }
}

function namedIn({ parameters }: Operation, place: 'query' | 'cookie'): ReadonlyMap<string, ParameterBinding> {
  return new Map(
    parameters.flatMap((one): Array<[string, ParameterBinding]> => (one.in === place ? [[one.name, one]] : [])),
  )
}

function isSpread(binding: Operation['parameters'][number], place: 'query' | 'cookie'): boolean {
  if (binding.in === 'querystring') return place === 'query'
  if (binding.in !== place || !binding.explode || binding.contentType !== undefined) return false
  return binding.style === (place === 'query' ? 'form' : 'cookie')
}

function borrowed(argument: string, key: string, other: ParameterBinding): CallFailure {
  return new CallFailure(
    'arguments',
    `${JSON.stringify(key)} of ${argument} is the name of the parameter ${other.argument}: leave it out. Nothing was sent.`,
  )
}

const MOST_SCHEMAS = 200

/** Whether the schema of an argument names a property, itself or in a part or a branch. */
function saysProperty({ properties, $defs }: JsonSchema, argument: string, key: string): boolean {
  const definitions = isObject($defs) ? $defs : {}
  const parts = new Set<unknown>([isObject(properties) ? properties[argument] : undefined])
  // A set is walked in the order in which it grows.
  for (const part of parts) {
    if (!isObject(part) || parts.size > MOST_SCHEMAS) continue
    if (isObject(part.properties) && Object.hasOwn(part.properties, key)) return true
    if (typeof part.$ref === 'string') parts.add(definitions[definitionName(part.$ref) ?? ''])
    for (const inner of [part.allOf, part.anyOf, part.oneOf].flat()) parts.add(inner)
  }
  return false
}
