import type { PartEncoding } from '@sluice/contract'
import { serializeQuery } from './build-query.ts'
import { isPlainObject } from './serialize-path.ts'

/**
 * application/x-www-form-urlencoded by the Encoding Object: `form` exploded unless it says otherwise. Objects inside become
 * `a[b]=1`, as every form parser reads them. Spaces are `+` (WHATWG URL 5.2).
 */
export function encodeForm(value: Record<string, unknown>, encoding: Readonly<Record<string, PartEncoding>>): string {
  return Object.entries(value)
    .filter(([, item]) => item !== undefined && item !== null)
    .flatMap(([name, item]) => encodeField(name, item, encoding[name] ?? {}))
    .join('&')
    .replaceAll('%20', '+')
}

function encodeField(name: string, value: unknown, encoding: PartEncoding): string[] {
  const isDeep =
    isPlainObject(value) || (Array.isArray(value) && value.some((item) => typeof item === 'object' && item !== null))
  const style = encoding.style ?? (isDeep && !encoding.contentType ? 'deepObject' : 'form')
  return serializeQuery(
    {
      argument: name,
      in: 'query',
      name,
      style,
      explode: encoding.explode ?? (style === 'form' || style === 'deepObject'),
      allowReserved: encoding.allowReserved ?? false,
      allowEmptyValue: true,
      required: false,
      ...(encoding.contentType && isDeep ? { contentType: encoding.contentType } : {}),
    },
    value,
  )
}
