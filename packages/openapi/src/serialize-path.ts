import type { ParameterBinding } from '@sluice/contract'
import { DELIMITERS, delimited, type Encode } from './delimiters.ts'

/** Style `simple` (RFC 6570 3.2.2): `3,4,5`, `role,admin`, exploded `role=admin`. */
export function serializeSimple(value: unknown, explode: boolean, encode: Encode): string {
  if (Array.isArray(value)) return value.map(encode).join(',')
  if (!isPlainObject(value)) return encode(value)
  return pairs(value, encode, explode ? '=' : ',').join(',')
}

/** The same of a list in a path or a header, where Swagger 2.0 has other delimiters too (B95). */
export function serializeList({ argument, style, explode }: ParameterBinding, value: unknown, encode: Encode): string {
  const delimiter = DELIMITERS[style]
  if (delimiter === undefined || !Array.isArray(value)) return serializeSimple(value, explode, encode)
  return delimited(argument, delimiter, value, encode)
}

/**
 * Style `label` (RFC 6570 3.2.5). Unexploded lists are joined with commas, as RFC 6570 and OpenAPI 3.0.4, 3.1.1 and 3.2
 * have it; the tables of 3.0.0 to 3.0.3 and 3.1.0 join them with dots (B80, B81).
 */
export function serializeLabel(value: unknown, explode: boolean, encode: Encode, declaredVersion: string): string {
  const separator = explode || hasOldLabels(declaredVersion) ? '.' : ','
  if (Array.isArray(value)) return `.${value.map(encode).join(separator)}`
  if (!isPlainObject(value)) return `.${encode(value)}`
  return `.${pairs(value, encode, explode ? '=' : separator).join(separator)}`
}

/** Whether the tables of a version join the items of a label with dots. */
export function hasOldLabels(declaredVersion: string): boolean {
  return OLD_TABLES.test(declaredVersion)
}

const OLD_TABLES = /^(2\.0|3\.0(\.[0-3])?|3\.1(\.0)?)$/

/** Style `matrix` (RFC 6570 3.2.7): `;id=3,4,5`, exploded `;id=3;id=4`, `;role=admin`. */
export function serializeMatrix(name: string, value: unknown, explode: boolean, encode: Encode): string {
  const key = encode(name)
  if (Array.isArray(value)) {
    return explode ? value.map((item) => `;${key}=${encode(item)}`).join('') : `;${key}=${value.map(encode).join(',')}`
  }
  if (!isPlainObject(value)) return `;${key}=${encode(value)}`
  if (explode)
    return pairs(value, encode, '=')
      .map((pair) => `;${pair}`)
      .join('')
  return `;${key}=${pairs(value, encode, ',').join(',')}`
}

/** One path parameter in its declared style. */
export function serializePath(
  binding: ParameterBinding,
  value: unknown,
  encode: Encode,
  declaredVersion: string,
): string {
  switch (binding.style) {
    case 'label':
      return serializeLabel(value, binding.explode, encode, declaredVersion)
    case 'matrix':
      return serializeMatrix(binding.name, value, binding.explode, encode)
    default:
      return serializeList(binding, value, encode)
  }
}

/** An object of properties; an exact number is a plain value. */
export function isPlainObject(value: unknown): value is Record<string, unknown> {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    !('rawJSON' in value && Object.isFrozen(value))
  )
}

function pairs(value: Record<string, unknown>, encode: Encode, between: string): string[] {
  return Object.entries(value).map(([key, item]) => `${encode(key)}${between}${encode(item)}`)
}
