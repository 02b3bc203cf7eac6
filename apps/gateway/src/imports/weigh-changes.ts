import {
  type ChangeNote,
  type HoldPolicy,
  type OperationChange,
  type OperationDefinition,
  RISKS,
  takingTurns,
} from '@sluice/contract'
import { argumentFaults, readDefinition, weighChange } from '@sluice/openapi'

export interface WeighDeps {
  /** The definitions that are served, packed, by operation: tools of one may serve different versions of it. */
  readonly readDefinitions: (
    workspaceId: string,
    operationIds: readonly string[],
  ) => Promise<ReadonlyMap<string, readonly Uint8Array[]>>
}

type Changed = Extract<OperationChange, { kind: 'changed' | 'moved' | 'unchanged' }>

/** Definitions that are read at once. */
const BATCH = 100

/** Says of each change what it means for agents, and whether it waits until somebody agrees (S29). */
export async function weighChanges(
  changes: readonly OperationChange[],
  about: { readonly workspaceId: string; readonly policy: HoldPolicy; readonly accept: boolean },
  deps: WeighDeps,
): Promise<OperationChange[]> {
  const changed = changes.filter((change): change is Changed => change.kind === 'changed' || change.kind === 'moved')
  const notes = new Map<Changed, ChangeNote>()
  const turn = takingTurns()
  for (let at = 0; at < changed.length; at += BATCH) {
    const batch = changed.slice(at, at + BATCH)
    const ids = batch.map(({ stored }) => stored.id)
    const served = await deps.readDefinitions(about.workspaceId, ids)
    for (const change of batch) {
      notes.set(change, noteFor(change, served.get(change.stored.id)))
      await turn()
    }
  }
  return changes.map((change) => {
    const note = notes.get(change as Changed)
    if (!note) return change
    const changed = change as Changed
    const isEnabled = changed.stored.tools.some(({ enabled }) => enabled)
    // What reads like an instruction waits whatever the policy says (S28).
    const hold = !about.accept && (changed.derived.suspicious || holds(about.policy, note))
    // What is served already cannot wait.
    const isBackAsItWas = changed.stored.removed && note.what.length === 0
    return { ...changed, note, hold, held: hold && isEnabled && !isBackAsItWas }
  })
}

/** For whoever has most to agree to. */
function noteFor(change: Changed, served: readonly Uint8Array[] = []): ChangeNote {
  if (served.length === 0) return { risk: 'review', what: [], details: [] }
  const notes = served.map((definition) => noteOf(change, definition))
  return notes.reduce((worst, note) => (isWorse(note, worst) ? note : worst))
}

function isWorse(note: ChangeNote, than: ChangeNote): boolean {
  const order = RISKS.indexOf(note.risk) - RISKS.indexOf(than.risk)
  return order > 0 || (order === 0 && note.what.length > than.what.length)
}

function noteOf({ derived, stored }: Changed, served: Uint8Array): ChangeNote {
  const definition = readDefinition(derived.definition)
  const note = withEdits(weighChange(readDefinition(served), definition), stored, definition)
  if (!stored.removed) return note
  if (note.what.length === 0) return { ...note, details: ['It is in the document again, as it was'] }
  const details = ['It is in the document again', ...note.details]
  return { ...note, risk: note.risk === 'safe' ? 'review' : note.risk, details }
}

/** What a curator hid or fixed and what no longer fits: the tool would be called otherwise than he decided. */
function withEdits(note: ChangeNote, { tools }: Changed['stored'], definition: OperationDefinition): ChangeNote {
  const faults = tools.flatMap(({ argumentEdits = {} }) => argumentFaults(definition, argumentEdits))
  if (faults.length === 0) return note
  const details = [...faults.map(({ detail }) => `What was edited no longer fits: ${detail}`), ...note.details]
  return { risk: 'breaking', what: ['edits', ...note.what], details: details.slice(0, 10) }
}

function holds(policy: HoldPolicy, { risk }: ChangeNote): boolean {
  if (policy === 'none') return false
  return policy === 'all' || risk !== 'safe'
}
