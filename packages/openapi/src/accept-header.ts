import type { Operation } from '@sluice/contract'

/** Asks for what the operation declares for success, and takes anything. */
export function acceptHeader(operation: Operation): string {
  if (operation.accept) return operation.accept
  const declared = operation.responses
    .filter(({ status }) => /^2|^default$/i.test(status))
    .flatMap(({ contentTypes }) => contentTypes)
    .map((type) => type.split(';', 1)[0]!.trim())
    .filter((type) => /^[\w.+-]+\/[\w.+*-]+$/.test(type) && type !== '*/*')
  const wanted = [...new Set(declared)].toSorted((a, b) => Number(isJson(b)) - Number(isJson(a))).slice(0, 5)
  if (wanted.length === 0) return 'application/json, */*;q=0.8'
  return [...wanted, '*/*;q=0.5'].join(', ')
}

function isJson(type: string): boolean {
  return /[/+]json$/i.test(type)
}
