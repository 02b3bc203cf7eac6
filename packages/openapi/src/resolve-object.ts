import { isObject } from '@sluice/schema'
import { tellExternal } from './external-reference.ts'
import type { Findings } from './findings.ts'
import { pointerOf, pointerTo, resolvePointer } from './json-pointer.ts'

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
    if (!reference.startsWith('#')) {
      tellExternal(findings, reference, pointer)
      return undefined
    }
    const target = resolvePointer(root, reference)
    if (!isObject(target))
      return report(findings, 'ref-missing', pointer, `${reference} names nothing in this document`)
    const { $ref: _ref, ...beside } = current.value
    current = { value: { ...target, ...beside }, pointer: pointerOf(reference) }
  }
  return current
}

/** A path item and those it refers to, nearest first: the parameters and operations of all of them hold (B20, B21). */
export function levelsOf(root: unknown, item: unknown, pointer: string): Located[] {
  const levels: Located[] = []
  let [value, at] = [item, pointer]
  while (isObject(value) && !levels.some((level) => level.value === value)) {
    levels.push({ value, pointer: at })
    if (typeof value.$ref !== 'string' || !value.$ref.startsWith('#')) break
    ;[value, at] = [resolvePointer(root, value.$ref), pointerOf(value.$ref)]
  }
  return levels
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

function report(findings: Findings, code: string, pointer: string, message: string): undefined {
  findings.add({ code, severity: 'warning', pointer, message, fix: 'Correct the reference in the document.' })
  return undefined
}
