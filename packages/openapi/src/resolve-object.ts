import type { Diagnostic } from '@sluice/contract'
import { isObject } from '@sluice/schema'
import type { Findings } from './findings.ts'
import { pointerOf, pointerTo, resolvePointer } from './json-pointer.ts'
import { fixForExternal } from './mount-files.ts'

/** An object of the document and where it lies. */
export interface Located {
  readonly value: Record<string, unknown>
  readonly pointer: string
}

/**
 * Follows a Reference Object (parameter, body, response, path item, security scheme) to what it names. Siblings that the
 * version allows (`summary`, `description`) win over the target's. Says why in a diagnostic where there is nothing.
 */
export function resolveObject(root: unknown, value: unknown, pointer: string, findings: Findings): Located | undefined {
  let current: Located | undefined = isObject(value) ? { value, pointer } : undefined
  const seen = new Set<string>()
  while (current && typeof current.value.$ref === 'string') {
    const reference: string = current.value.$ref
    if (seen.has(reference)) return report(findings, 'ref-circular', pointer, `${reference} refers to itself`)
    seen.add(reference)
    if (!reference.startsWith('#'))
      return report(findings, 'ref-external', pointer, EXTERNAL(reference), fixForExternal(reference))
    const target = resolvePointer(root, reference)
    if (!isObject(target))
      return report(findings, 'ref-missing', pointer, `${reference} names nothing in this document`)
    const { $ref: _ref, ...beside } = current.value
    current = { value: { ...target, ...beside }, pointer: pointerOf(reference) }
  }
  return current
}

/** What a version makes of keywords beside references in a schema written as JSON: 3.0 ignores them (B10). */
export function besideReferences(json: string, declaredVersion: string): string {
  const has = /"\$ref":"(?:[^"\\]|\\.)*",|,"\$ref":/.test(json)
  return has && /^3\.[12]/.test(declaredVersion) ? 'beside references' : ''
}

/** A list of parameters with references followed. What is no list, or no parameter, is said. */
export function resolveParameters(root: unknown, list: unknown, pointer: string, findings: Findings): Located[] {
  if (list === undefined || list === null) return []
  if (!Array.isArray(list)) {
    parameterInvalid(findings, pointer, '`parameters` is not a list; all of it was left out')
    return []
  }
  return list.flatMap((entry, index) => {
    const at = pointerTo(pointer, index)
    if (!isObject(entry)) parameterInvalid(findings, at, 'A parameter is an object; what stands here was left out')
    const located = resolveObject(root, entry, at, findings)
    return located ? [located] : []
  })
}

export function parameterInvalid(findings: Findings, pointer: string, message: string): void {
  findings.add({ code: 'parameter-invalid', severity: 'warning', pointer, message })
}

/** What is said of a reference that leaves the document. */
export const EXTERNAL = (reference: string): string => `${reference} ${NOT_GIVEN}`

const NOT_GIVEN = 'lies in another document, which was not given'

/** Nobody is told to allow what was allowed and could not be fetched. */
export function tellUnfetched(found: Diagnostic, unfetched: ReadonlyMap<string, string>): Diagnostic {
  const [reference, rest] = found.code === 'ref-external' ? found.message.split(` ${NOT_GIVEN}`) : []
  const reason = unfetched.get(reference?.split('#', 1)[0] ?? '')
  if (reason === undefined) return found
  const message = `${reference} could not be fetched: ${reason.replace(/\.$/, '')}${rest}`
  return { ...found, message, fix: 'Import again once it can be fetched, or send all files together.' }
}

function report(
  findings: Findings,
  code: string,
  pointer: string,
  message: string,
  fix = 'Correct the reference in the document.',
): undefined {
  findings.add({ code, severity: 'warning', pointer, message, fix })
  return undefined
}
