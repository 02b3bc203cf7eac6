import type { PartEncoding } from '@sluice/contract'
import { stringifyJson } from '@sluice/schema'
import { isPlainObject } from './serialize-path.ts'
import { serializeQuery } from './serialize-query.ts'

type Encodings = Readonly<Record<string, PartEncoding>>

/** application/x-www-form-urlencoded. Spaces are `+` (WHATWG URL 5.2). */
export function encodeForm(value: Record<string, unknown>, encoding: Encodings): string {
  return formPairs(value, encoding).join('&').replaceAll('%20', '+')
}

/**
 * The pairs of a form by the Encoding Object: plain values in style `form`, exploded unless it says otherwise; objects, and
 * lists of them, as JSON text unless it gives them a style (OpenAPI 3.1.1 4.8.15.1).
 */
export function formPairs(value: Record<string, unknown>, encoding: Encodings): string[] {
  return Object.entries(value)
    .filter(([, item]) => item !== undefined && item !== null)
    .flatMap(([name, item]) => encodeField(name, item, Object.hasOwn(encoding, name) ? encoding[name]! : {}))
}

function encodeField(name: string, value: unknown, encoding: PartEncoding): string[] {
  const isStyled =
    encoding.style !== undefined || encoding.explode !== undefined || encoding.allowReserved !== undefined
  const style = encoding.style ?? 'form'
  const binding = {
    argument: name,
    in: 'query',
    name,
    style,
    explode: encoding.explode ?? (style === 'form' || style === 'deepObject'),
    allowReserved: encoding.allowReserved ?? false,
    allowEmptyValue: true,
    required: false,
  } as const
  const written = isStyled ? value : Array.isArray(value) ? value.map(asText) : asText(value)
  return serializeQuery(binding, written)
}

function asText(value: unknown): unknown {
  return isPlainObject(value) || Array.isArray(value) ? stringifyJson(value) : value
}
