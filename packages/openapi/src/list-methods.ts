import { isObject } from '@sluice/schema'
import type { Findings } from './findings.ts'
import { pointerTo } from './json-pointer.ts'

/** An operation of a path item, as it stands there. */
export interface MethodEntry {
  readonly method: string
  readonly value: unknown
  readonly pointer: string
}

/** Those that a path item has fields for; `query` and `additionalOperations`, in which there may be others, came with OpenAPI 3.2. */
export const METHODS: readonly string[] = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace', 'query']

/** The operations of a path item, and of none that it refers to. */
export function listMethods(item: Record<string, unknown>, pointer: string, findings: Findings): MethodEntry[] {
  const additional = isObject(item.additionalOperations) ? item.additionalOperations : {}
  return [
    ...METHODS.flatMap((method) =>
      spellingsOf(method, item, pointer, findings).map((key) => ({
        method: method.toUpperCase(),
        value: item[key],
        pointer: pointerTo(pointer, key),
      })),
    ),
    ...Object.entries(additional).map(([method, value]) => ({
      // In small letters too it is the method that has a field of its own.
      method: METHODS.includes(method.toLowerCase()) ? method.toUpperCase() : method,
      value,
      pointer: pointerTo(pointer, 'additionalOperations', method),
    })),
  ]
}

/** Fields are written in small letters (OpenAPI 3.1.1 4.8.9); `GET` cannot mean anything else than `get`. */
function spellingsOf(method: string, item: Record<string, unknown>, pointer: string, findings: Findings): string[] {
  const others = Object.keys(item).filter(
    (key) => key !== method && key.toLowerCase() === method && isObject(item[key]),
  )
  for (const key of others) {
    const message = `"${key}" was read as "${method}"`
    const fix = 'Write the method in small letters.'
    findings.add({ code: 'method-case', severity: 'warning', pointer: pointerTo(pointer, key), message, fix })
  }
  return item[method] === undefined || item[method] === null ? others : [method, ...others]
}
