import { hash } from 'node:crypto'
import type { Operation } from '@sluice/contract'
import { canonicalJson } from '@sluice/schema'
import type { DeclaredOperation } from './list-operations.ts'
import { besideReferences } from './read-schema.ts'
import { hasOldLabels } from './serialize-path.ts'
import { OF_ANSWERS, OF_ARGUMENTS, type SourceHashes } from './source-hashes.ts'

/**
 * A hash of what the document says of an operation, and of what it says elsewhere that changes its calls. No more goes in, so that
 * a later release with better schemas does not call every operation changed.
 */
export function contentHashOf(declared: DeclaredOperation, operation: Operation, sources: SourceHashes): string {
  const { responses, ...asked } = declared
  const [request, answers] = [canonicalJson(asked, isPlace), canonicalJson(responses, isPlace)]
  const own = request + answers
  const beside = besideReferences(own, operation.declaredVersion)
  const reached = [sources.reachedFrom(request, OF_ARGUMENTS), sources.reachedFrom(answers, OF_ANSWERS)]
  return hash('sha256', [own, beside, ...effectsOf(declared, operation), ...reached].join(''))
}

/** What other parts of the document make of this operation; most have nothing of the kind. */
function effectsOf({ parameters }: DeclaredOperation, operation: Operation): string[] {
  const bound = new Set(
    operation.parameters.map((one) => (one.in === 'querystring' ? one.in : `${one.in} ${one.name}`)),
  )
  const hidden = parameters
    .filter((one) => !bound.has(one.in === 'querystring' ? one.in : `${one.in} ${one.name}`))
    .map((one) => `${one.in} ${one.name}`)
  const hasLabels = operation.parameters.some((one) => one.in === 'path' && one.style === 'label' && !one.explode)
  const hasReserved = operation.parameters.some(
    (one) => (one.in === 'path' || one.in === 'cookie') && one.allowReserved,
  )
  return [
    ...(hasReserved ? ['reserved characters'] : []),
    ...(hidden.length > 0 ? [`hidden ${JSON.stringify(hidden)}`] : []),
    ...(hasLabels && hasOldLabels(operation.declaredVersion) ? ['old labels'] : []),
  ]
}

/** Where something stands says nothing of what it is. */
function isPlace(key: string, value: unknown): boolean {
  return (key === 'pointer' || key === 'schemaPointer') && typeof value === 'string'
}
