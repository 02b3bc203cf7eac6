import type { ParameterBinding } from '@sluice/contract'
import { deepObject } from './deep-object.ts'
import { DELIMITERS, delimited, type Encode } from './delimiters.ts'
import { isPresent } from './given-arguments.ts'
import { percentEncode, percentEncodeName, percentEncodeReserved } from './percent-encode.ts'
import { plainText } from './plain-text.ts'
import { isPlainObject } from './serialize-path.ts'

/**
 * One query parameter as `name=value` pairs, by style. An empty list or object is left out (B92).
 * @throws CallFailure of kind `arguments` where a value holds the delimiter that stands between values
 */
export function serializeQuery(binding: ParameterBinding, value: unknown): string[] {
  const name = percentEncodeName(binding.name)
  const encode: Encode = (item) =>
    binding.allowReserved ? percentEncodeReserved(plainText(item)) : percentEncode(plainText(item))
  if (Array.isArray(value)) return list(binding, name, value, encode)
  if (isPlainObject(value)) return object(binding, name, value, encode)
  return [`${name}=${encode(value)}`]
}

function list(binding: ParameterBinding, name: string, value: unknown[], encode: Encode): string[] {
  if (value.length === 0) return []
  if (binding.style === 'deepObject') return deepPairs(binding, value, encode)
  if (binding.explode) return value.map((item) => `${name}=${encode(item)}`)
  return [`${name}=${joined(binding, value, encode)}`]
}

function object(binding: ParameterBinding, name: string, value: Record<string, unknown>, encode: Encode): string[] {
  const entries = Object.entries(value).filter(([, item]) => isPresent(item))
  if (entries.length === 0) return []
  if (binding.style === 'deepObject') return deepPairs(binding, value, encode)
  if (binding.style === 'form' && binding.explode) {
    return entries.flatMap(([key, item]) =>
      (Array.isArray(item) ? item : [item]).map((one) => `${percentEncodeName(key)}=${encode(one)}`),
    )
  }
  return [`${name}=${joined(binding, entries.flat(), encode)}`]
}

function deepPairs({ name }: ParameterBinding, value: unknown, encode: Encode): string[] {
  return deepObject(name, value).map(([key, item]) => `${percentEncodeName(key)}=${encode(item)}`)
}

function joined({ argument, style }: ParameterBinding, values: readonly unknown[], encode: Encode): string {
  const delimiter = DELIMITERS[style]
  // Encoded too: RFC 3986 does not let it stand bare (B86).
  if (delimiter !== undefined) return delimited(argument, delimiter, values, encode)
  // A comma that allowReserved leaves bare would end the value (B89).
  return values.map((value) => encode(value).replaceAll(',', '%2C')).join(',')
}
