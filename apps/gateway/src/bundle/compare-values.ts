import type { BundleChange } from '@sluice/contract'
import { pointerTo } from '@sluice/openapi'
import { canonicalJson, isRecord } from '@sluice/schema'
import type { BundleValues } from './bundle-values.ts'

/** How one bundle becomes another: setting by setting, in the order of files; lists are one setting. */
export function compareValues(before: BundleValues, after: BundleValues): BundleChange[] {
  const paths = [...new Set([...before.keys(), ...after.keys()])].toSorted()
  return paths.flatMap((path) => compare(path, '', before.get(path), after.get(path)))
}

function compare(path: string, pointer: string, before: unknown, after: unknown): BundleChange[] {
  if (before === undefined && after === undefined) return []
  if (before === undefined) return [{ change: 'added', path, pointer, after }]
  if (after === undefined) return [{ change: 'removed', path, pointer, before }]
  if (isRecord(before) && isRecord(after)) {
    const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])]
    return keys.flatMap((key) => compare(path, pointerTo(pointer, key), before[key], after[key]))
  }
  if (canonicalJson(before) === canonicalJson(after)) return []
  return [{ change: 'changed', path, pointer, before, after }]
}
