import { type OperationChange, type ReadSpec, takingTurns } from '@sluice/contract'
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
  const turn = takingTurns()
  for (const name of [...present, ...stored]) {
    alike.present([name])
    await turn()
  }
  const found: LookAlike[] = []
  for (const name of added) {
    found.push(...alike.among([name]))
    await turn()
  }
  const told = found.map(({ name, other }) => ({
    code: 'name-confusable',
    severity: 'warning' as const,
    pointer: '',
    message: `The tool "${name}" looks like "${other}": an agent, or a person, may take one for the other`,
    fix: 'Rename one of them, or do not enable it.',
  }))
  return { ...spec, diagnostics: [...told, ...spec.diagnostics] }
}
