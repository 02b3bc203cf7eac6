import { isObject } from '@sluice/schema'
import type { Findings } from './findings.ts'
import { pointerTo } from './json-pointer.ts'

interface Place {
  readonly pointer: string
  readonly findings: Findings
}

/** Says of each keyword of a schema that is no form of it what became of it (B11). */
export function tellMisshapen(schema: Record<string, unknown>, { pointer, findings }: Place): void {
  for (const { keyword, wanted, fits } of FORMS) {
    const value = schema[keyword]
    if (value === undefined || value === null || fits(value)) continue
    const isBranch = BRANCHES.includes(keyword) && isObject(value)
    const message = `\`${keyword}\` is ${wanted}; what stands here was ${isBranch ? 'read as the only one of a list' : 'left out'}`
    const at = pointerTo(pointer, keyword)
    // Of drafts before the fourth, and without a meaning here.
    const severity = keyword === 'required' && typeof value === 'boolean' ? 'info' : 'warning'
    findings.add({ code: 'schema-invalid', severity, pointer: at, message, fix: `Write ${wanted}.` })
  }
}

/** What is no schema takes any value, and that is said. */
export function tellNoSchema(schema: unknown, { pointer, findings }: Place): void {
  if (schema === undefined || schema === null || schema === true) return
  const message = 'A schema is an object; any value is taken here'
  findings.add({ code: 'schema-invalid', severity: 'warning', pointer, message, fix: 'Write an object.' })
}

/** The branches of a composition; one that is no list is its only branch. */
export function branchesOf(value: unknown): readonly unknown[] {
  return isObject(value) ? [value] : Array.isArray(value) ? value : []
}

const BRANCHES = ['allOf', 'anyOf', 'oneOf']

interface KeywordForm {
  readonly keyword: string
  readonly wanted: string
  readonly fits: (value: unknown) => boolean
}

const isFlag = (value: unknown) => typeof value === 'boolean'

const FORMS: readonly KeywordForm[] = [
  { keyword: 'properties', wanted: 'an object of schemas', fits: isObject },
  { keyword: 'patternProperties', wanted: 'an object of schemas', fits: isObject },
  { keyword: 'items', wanted: 'a schema', fits: (value) => isObject(value) || Array.isArray(value) || isFlag(value) },
  {
    keyword: 'additionalProperties',
    wanted: 'a schema, true or false',
    fits: (value) => isObject(value) || isFlag(value),
  },
  { keyword: 'required', wanted: 'a list of names', fits: Array.isArray },
  { keyword: 'enum', wanted: 'a list of values', fits: Array.isArray },
  ...BRANCHES.map((keyword) => ({ keyword, wanted: 'a list of schemas', fits: Array.isArray })),
]
