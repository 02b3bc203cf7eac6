import type { OperationChange, ReadSpec } from '@sluice/contract'
import { confusableNames } from '@sluice/openapi'

/** Says which new tools could be taken for another of their upstream or their server, in front of all else (S30). */
export function tellLookAlikes(
  spec: ReadSpec,
  changes: readonly OperationChange[],
  present: readonly string[],
): ReadSpec {
  const added = changes.flatMap((change) => (change.kind === 'added' ? [change.toolName] : []))
  const stored = changes.flatMap((change) => ('stored' in change ? change.stored.tools.map(({ name }) => name) : []))
  const told = confusableNames(added, [...present, ...stored]).map(({ name, other }) => ({
    code: 'name-confusable',
    severity: 'warning' as const,
    pointer: '',
    message: `The tool "${name}" looks like "${other}": an agent, or a person, may take one for the other`,
    fix: 'Rename one of them, or do not enable it.',
  }))
  return { ...spec, diagnostics: [...told, ...spec.diagnostics] }
}
