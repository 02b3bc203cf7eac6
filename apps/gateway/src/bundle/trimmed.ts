import { canonicalJson, isObject } from '@sluice/schema'

/** A setting without what goes without saying: defaults, and what is nothing. Both sides of a comparison are made so. */
export function trimmed<T extends object>(fields: T, defaults: Readonly<Record<string, unknown>> = {}): T {
  const said = Object.entries(fields).filter(
    ([name, value]) =>
      !isNothing(value) && !(Object.hasOwn(defaults, name) && canonicalJson(value) === canonicalJson(defaults[name])),
  )
  return Object.fromEntries(said) as T
}

function isNothing(value: unknown): boolean {
  if (value === undefined || value === null || value === false || value === '') return true
  if (Array.isArray(value)) return value.length === 0
  return isObject(value) && Object.keys(value).length === 0
}

/** The same entries by name. */
export function sorted<T>(entries: Readonly<Record<string, T>>): Record<string, T> {
  return Object.fromEntries(Object.entries(entries).toSorted(([a], [b]) => (a < b ? -1 : 1)))
}
