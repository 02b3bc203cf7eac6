import { isRecord } from './exact-json.ts'

/**
 * JSON text that is the same for equal values (JSON Schema 2020-12, Core 4.2.2): the order of an object's keys means nothing.
 * `undefined` is left out, and so is what `leaveOut` names.
 */
export function canonicalJson(
  value: unknown,
  leaveOut: (key: string, value: unknown) => boolean = () => false,
): string {
  if (typeof value === 'string') return JSON.stringify(value)
  if (Array.isArray(value)) return `[${value.map((item) => canonicalJson(item ?? null, leaveOut)).join(',')}]`
  if (!isRecord(value)) return JSON.stringify(value) ?? 'null'
  let members = ''
  for (const key of sortedKeys(value)) {
    const member = value[key]
    if (member === undefined || leaveOut(key, member)) continue
    members += `${members === '' ? '' : ','}${JSON.stringify(key)}:${canonicalJson(member, leaveOut)}`
  }
  return `{${members}}`
}

/** Most objects have theirs in order already, which is seen sooner than it is made. */
function sortedKeys(value: object): string[] {
  const keys = Object.keys(value)
  const isSorted = keys.every((key, index) => index === 0 || keys[index - 1]! < key)
  return isSorted ? keys : keys.sort()
}
