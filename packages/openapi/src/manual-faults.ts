import type { ManualOperation, ProblemError } from '@sluice/contract'
import { templateNames } from './path-template.ts'

/** What is wrong with a manual operation beyond its schema; an empty list is fine. Pointers begin with `/manual`. */
export function manualFaults(manual: ManualOperation): ProblemError[] {
  return [...bodyFaults(manual), ...parameterFaults(manual), ...depthFaults(manual)]
}

function bodyFaults({ method, body, sampleBody }: ManualOperation): ProblemError[] {
  const given = [body === undefined ? [] : 'body', sampleBody === undefined ? [] : 'sampleBody'].flat()
  if (method === 'GET' || method === 'HEAD') {
    return given.map((name) => ({
      pointer: `/manual/${name}`,
      // RFC 9110 9.3.1: content in such a request has no agreed meaning.
      detail: `A ${method} request has no body.`,
      fix: 'Leave it out, or choose another method.',
    }))
  }
  if (given.length < 2) return []
  return [
    {
      pointer: '/manual/sampleBody',
      detail: 'The body is given twice: as a schema and as a sample.',
      fix: 'Keep `body` or `sampleBody`.',
    },
  ]
}

function parameterFaults({ path, parameters = [] }: ManualOperation): ProblemError[] {
  const inTemplate = templateNames(path)
  const seen = new Set<string>()
  return parameters.flatMap(({ name, in: place }, index): ProblemError[] => {
    const pointer = `/manual/parameters/${index}`
    // Header names are the same in any case (RFC 9110 5.1).
    const key = `${place} ${place === 'header' ? name.toLowerCase() : name}`
    const isTwice = seen.has(key)
    seen.add(key)
    if (isTwice) return [{ pointer, detail: `The ${place} parameter "${name}" is declared twice.`, fix: 'Keep one.' }]
    if (place !== 'path' || inTemplate.includes(name)) return []
    return [
      { pointer, detail: `The path ${path} has no {${name}}.`, fix: `Put {${name}} into the path, or remove it.` },
    ]
  })
}

/** The document around it adds some levels, and the importer reads 500. */
const DEEPEST = 400

function depthFaults({ body, sampleBody, parameters = [] }: ManualOperation): ProblemError[] {
  const schemas = parameters.map(({ schema }, index) => [`/manual/parameters/${index}/schema`, schema] as const)
  return [['/manual/body', body] as const, ['/manual/sampleBody', sampleBody] as const, ...schemas]
    .filter(([, value]) => isDeeper(value))
    .map(([pointer]) => ({ pointer, detail: `It is nested deeper than ${DEEPEST} levels.`, fix: 'Make it flatter.' }))
}

/** Level by level: recursion would end at the stack's depth. */
function isDeeper(value: unknown): boolean {
  let level: unknown[] = [value]
  for (let depth = 0; depth <= DEEPEST; depth++) {
    level = level.flatMap((one) => (typeof one === 'object' && one !== null ? Object.values(one) : []))
    if (level.length === 0) return false
  }
  return true
}
