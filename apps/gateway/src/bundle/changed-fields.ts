import { canonicalJson } from '@sluice/schema'

/** Those of the wanted fields that are otherwise now; undefined where nothing is. */
export function changedFields(now: object, wanted: object): Record<string, unknown> | undefined {
  const current = now as Readonly<Record<string, unknown>>
  const changed = Object.entries(wanted).filter(
    ([name, value]) => canonicalJson(current[name] ?? null) !== canonicalJson(value ?? null),
  )
  return changed.length === 0 ? undefined : Object.fromEntries(changed)
}
