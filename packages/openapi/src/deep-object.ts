import { CallFailure } from '@sluice/contract'
import { isPlainObject } from './serialize-path.ts'

/**
 * deepObject beyond one level, which OpenAPI leaves open: `f[a][b]=1`; a list of plain values repeats `f[a][]`, as PHP, Rails
 * and qs read it; a list of objects is numbered, since its members must stay together (B88).
 * @throws CallFailure of kind `arguments` for a key with a bracket: servers decode keys before they look for brackets (S14)
 */
export function deepObject(name: string, value: unknown): Array<readonly [string, unknown]> {
  if (Array.isArray(value)) {
    return value.flatMap((item, index) => {
      const isPlain = !Array.isArray(item) && !isPlainObject(item)
      return deepObject(`${name}[${isPlain ? '' : index}]`, item)
    })
  }
  if (isPlainObject(value)) {
    return Object.entries(value).flatMap(([key, item]) => {
      if (/[[\]]/.test(key))
        throw new CallFailure('arguments', `The key ${JSON.stringify(key)} may hold no bracket. Nothing was sent.`)
      return deepObject(`${name}[${key}]`, item)
    })
  }
  return value === undefined || value === null ? [] : [[name, value]]
}
