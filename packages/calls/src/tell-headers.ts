import { type Call, headerValue } from '@sluice/contract'
import { oneWord } from './one-word.ts'
import type { ResponseBody } from './read-response.ts'

/** Of a rate limit it is told when it is nearly used up. */
const FEW = 10

/** RFC 9110 14.4, and without a unit as PostgREST writes it. Nothing else has a space among our words (S33). */
const RANGE = /^(\w{1,20} )?(\d{1,15}-\d{1,15}|\*)\/(\d{1,15}|\*)$/

/**
 * What the headers tell beside a body (B135): where a new thing lies, how many there are and which these are, the version where the operation takes one,
 * and that few calls are left. An answer without a body is its headers.
 */
export function tellHeaders({ kind, headers }: ResponseBody, { tool }: Call): string {
  if (kind === 'empty') return ''
  const takesVersion = tool.operation.parameters.some(
    (one) => one.in === 'header' && /^if-(none-)?match$/i.test(one.name),
  )
  const remaining = oneWord(headers, 'x-ratelimit-remaining')
  const isLow = remaining !== undefined && /^\d+$/.test(remaining) && Number(remaining) <= FEW
  const names = [
    'location',
    'x-total-count',
    ...(takesVersion ? ['etag'] : []),
    ...(isLow ? ['x-ratelimit-remaining', 'x-ratelimit-reset'] : []),
  ]
  const told = names.flatMap((name) => {
    const value = oneWord(headers, name)
    return value === undefined ? [] : [`${name}: ${value}`]
  })
  const range = headerValue(headers, 'content-range')
  if (range !== undefined && RANGE.test(range)) told.push(`content-range: ${range}`)
  return told.length > 0 ? `[${told.join(', ')}]` : ''
}
