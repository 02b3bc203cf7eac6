import type { ChangeNote, HoldPolicy, OperationChange, OperationDefinition } from '@sluice/contract'
import { weighChange } from '@sluice/openapi'

export interface WeighDeps {
  /** The definitions that are served, as JSON text, by operation. */
  readonly readDefinitions: (
    workspaceId: string,
    operationIds: readonly string[],
  ) => Promise<ReadonlyMap<string, string>>
}

type Changed = Extract<OperationChange, { kind: 'changed' | 'moved' | 'unchanged' }>

/** Definitions compared between two turns of the event loop. */
const BATCH = 100

/** Says of each change what it means for agents, and whether it waits until somebody agrees (S29). */
export async function weighChanges(
  changes: readonly OperationChange[],
  about: { readonly workspaceId: string; readonly policy: HoldPolicy; readonly accept: boolean },
  deps: WeighDeps,
): Promise<OperationChange[]> {
  const changed = changes.filter((change): change is Changed => change.kind === 'changed' || change.kind === 'moved')
  const notes = new Map<Changed, ChangeNote>()
  for (let at = 0; at < changed.length; at += BATCH) {
    const batch = changed.slice(at, at + BATCH)
    const ids = batch.map(({ stored }) => stored.id)
    const served = await deps.readDefinitions(about.workspaceId, ids)
    for (const change of batch) notes.set(change, noteFor(change, served.get(change.stored.id)))
  }
  return changes.map((change) => {
    const note = notes.get(change as Changed)
    if (!note) return change
    const isEnabled = (change as Changed).stored.tools.some(({ enabled }) => enabled)
    return { ...(change as Changed), note, held: !about.accept && isEnabled && holds(about.policy, note) }
  })
}

function noteFor({ derived, stored }: Changed, served: string | undefined): ChangeNote {
  if (served === undefined) return { risk: 'review', what: [], details: [] }
  const note = weighChange(
    JSON.parse(served) as OperationDefinition,
    JSON.parse(derived.definition) as OperationDefinition,
  )
  if (!stored.removed) return note
  const details = ['It is in the document again', ...note.details]
  return { ...note, risk: note.risk === 'safe' ? 'review' : note.risk, details }
}

function holds(policy: HoldPolicy, { risk }: ChangeNote): boolean {
  if (policy === 'none') return false
  return policy === 'all' || risk !== 'safe'
}
