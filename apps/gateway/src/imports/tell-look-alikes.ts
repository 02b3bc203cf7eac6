import { setImmediate as nextTurn } from 'node:timers/promises'
import type { OperationChange, ReadSpec } from '@sluice/contract'
import { createLookAlikes, type LookAlike } from '@sluice/openapi'

/** Says which new tools could be taken for another of their upstream or their server, in front of all else (S30). */
export async function tellLookAlikes(
  spec: ReadSpec,
  changes: readonly OperationChange[],
  present: readonly string[],
): Promise<ReadSpec> {
  const added = changes.flatMap((change) => (change.kind === 'added' ? [change.toolName] : []))
  const stored = changes.flatMap((change) => ('stored' in change ? change.stored.tools.map(({ name }) => name) : []))
  const alike = createLookAlikes()
  for await (const slice of inTurns([...present, ...stored])) alike.present(slice)
  const found: LookAlike[] = []
  for await (const slice of inTurns(added)) found.push(...alike.among(slice))
  const told = found.map(({ name, other }) => ({
    code: 'name-confusable',
    severity: 'warning' as const,
    pointer: '',
    message: `The tool "${name}" looks like "${other}": an agent, or a person, may take one for the other`,
    fix: 'Rename one of them, or do not enable it.',
  }))
  return { ...spec, diagnostics: [...told, ...spec.diagnostics] }
}

/** Slices, between which the event loop turns. */
async function* inTurns(names: readonly string[]): AsyncGenerator<readonly string[]> {
  for (let at = 0; at < names.length; at += SLICE) {
    if (at > 0) await nextTurn()
    yield names.slice(at, at + SLICE)
  }
}

const SLICE = 2_000
