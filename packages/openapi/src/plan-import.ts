import {
  type DerivedOperation,
  type EnableRule,
  LIMITS,
  type OperationChange,
  OWN_TOOL_NAMES,
  plainName,
  type StoredOperation,
  takingTurns,
} from '@sluice/contract'
import { rulesEnable } from './enable-rules.ts'
import { distinctName } from './name-tool.ts'

/** Which tools an import enables: all, none, those with a tag, those that rules choose, or all unless they are too many for a model. */
export type EnableChoice =
  | 'auto'
  | 'all'
  | 'none'
  | { readonly tags: readonly string[] }
  | { readonly rules: readonly EnableRule[] }

/** What a committed import would change, and how many tools it would leave enabled. */
export interface ImportPlan {
  readonly changes: readonly OperationChange[]
  /** Set where `auto` enabled nothing because there is too much. */
  readonly tooMuch?: { readonly tools: number; readonly tokens: number }
}

/**
 * Compares what a document says with what is stored. An operation is the same when method and path are (design 3); names are
 * given once and never move to another operation. `takenNames` are those of the upstream's other tools, such as manual ones. The event
 * loop turns meanwhile.
 */
export async function planImport(
  operations: readonly DerivedOperation[],
  stored: readonly StoredOperation[],
  enable: EnableChoice,
  takenNames: readonly string[] = [],
): Promise<ImportPlan> {
  const turn = takingTurns()
  const known = await byPlace(stored, turn)
  const isFirst = stored.length === 0
  const isWanted = choiceOf(enable, operations)
  const tooMuch = enable === 'auto' && isFirst ? overLimit(operations.filter(isWanted)) : undefined
  const taken = new Set<string>([...OWN_TOOL_NAMES, ...takenNames].map(plainName))
  for (const { tools } of stored) for (const { name } of tools) taken.add(plainName(name))
  const present = await byPlace(operations, turn)
  // Of two that are the same, which nothing tells apart, the first.
  const derivedOnes = operations.filter((derived) => present.get(derived) === derived)
  const vanished = stored.filter((operation) => !operation.removed && !present.get(operation))
  const moved = findMoved(vanished, derivedOnes, known)
  const changeOf = (derived: DerivedOperation): OperationChange => {
    const before = known.get(derived) ?? moved.get(derived)
    // What was enabled or disabled by hand stays so: a later import enables only what it is told to.
    const enabled = isWanted(derived)
    if (!before)
      return {
        kind: 'added',
        derived,
        toolName: freeName(derived, taken),
        enable: enabled && (isFirst || enable !== 'auto'),
      }
    const isSame = before.contentHash === derived.contentHash && !before.removed
    const kind = moved.has(derived) ? 'moved' : isSame ? 'unchanged' : 'changed'
    return { kind, derived, stored: before, enable: enabled && enable !== 'auto' }
  }
  await turn()
  const changes: OperationChange[] = []
  for (const derived of derivedOnes) {
    changes.push(changeOf(derived))
    await turn()
  }
  const kept = new Set([...moved.values()].map(({ id }) => id))
  const gone = vanished.filter(({ id }) => !kept.has(id))
  return {
    changes: [...changes, ...gone.map((operation) => ({ kind: 'removed' as const, stored: operation }))],
    ...(tooMuch ? { tooMuch } : {}),
  }
}

type Place = Pick<StoredOperation, 'method' | 'path'>

interface Places<T> {
  get(place: Place): T | undefined
}

/** The first of each method and path. A key made of both would be made for thousands, several times. */
async function byPlace<T extends Place>(operations: readonly T[], turn: () => Promise<void>): Promise<Places<T>> {
  const byMethod = new Map<string, Map<string, T>>()
  for (const operation of operations) {
    const { method, path } = operation
    const paths = byMethod.get(method) ?? new Map<string, T>()
    byMethod.set(method, paths)
    if (!paths.has(path)) paths.set(path, operation)
    await turn()
  }
  return { get: ({ method, path }) => byMethod.get(method)?.get(path) }
}

/**
 * Operations that vanished and those that came, matched where there is only one way to: by method and the shape of the path,
 * else by method and operationId (design 3).
 */
function findMoved(
  vanished: readonly StoredOperation[],
  present: readonly DerivedOperation[],
  known: Places<StoredOperation>,
): ReadonlyMap<DerivedOperation, StoredOperation> {
  const moved = new Map<DerivedOperation, StoredOperation>()
  if (vanished.length === 0) return moved
  const added = present.filter((derived) => !known.get(derived))
  const taken = new Set<StoredOperation>()
  const match = (keyOf: (operation: DerivedOperation | StoredOperation) => string | undefined) => {
    const [before, after] = [
      groupBy(
        vanished.filter((one) => !taken.has(one)),
        keyOf,
      ),
      groupBy(
        added.filter((one) => !moved.has(one)),
        keyOf,
      ),
    ]
    for (const [key, [stored, ...others]] of before) {
      const [derived, ...more] = after.get(key) ?? []
      if (!derived || others.length > 0 || more.length > 0) continue
      moved.set(derived, stored!)
      taken.add(stored!)
    }
  }
  match(({ method, path }) => `${method} ${path.replaceAll(EXPRESSION, '{}')}`)
  match(({ method, operationId }) => operationId && `${method} ${operationId}`)
  return moved
}

/** Names change; `/t/:id` is one that a document without braces may have had. */
const EXPRESSION = /\{[^{}]*\}|(?<=\/):[\w-]+(?=\/|$)/g

function groupBy<T>(items: readonly T[], keyOf: (item: T) => string | undefined): Map<string, T[]> {
  const groups = new Map<string, T[]>()
  for (const item of items) {
    const key = keyOf(item)
    if (key === undefined) continue
    const group = groups.get(key)
    if (group) group.push(item)
    else groups.set(key, [item])
  }
  return groups
}

/** What the author excludes, and what should be read by a person first, no choice enables (B31, S28). */
function choiceOf(choice: EnableChoice, operations: readonly DerivedOperation[]): (one: DerivedOperation) => boolean {
  const isMarked = operations.some(({ meant }) => meant === true)
  const chosen = (operation: DerivedOperation): boolean => {
    if (choice === 'auto') return !isMarked || operation.meant === true
    if (typeof choice === 'string') return choice === 'all'
    if ('rules' in choice) return rulesEnable(choice.rules, operation)
    return operation.tags.some((tag) => choice.tags.includes(tag))
  }
  return (operation) => operation.meant !== false && !operation.suspicious && chosen(operation)
}

function overLimit(operations: readonly DerivedOperation[]): { tools: number; tokens: number } | undefined {
  const tokens = operations.reduce((sum, operation) => sum + operation.tokens, 0)
  const isOver = operations.length > LIMITS.listedTools || tokens > LIMITS.listedTokens
  return isOver ? { tools: operations.length, tokens } : undefined
}

function freeName(operation: DerivedOperation, taken: Set<string>): string {
  let name = operation.name
  if (taken.has(plainName(name))) name = distinctName(operation.name, operation)
  for (let n = 2; taken.has(plainName(name)); n++) name = `${distinctName(operation.name, operation).slice(0, 44)}_${n}`
  taken.add(plainName(name))
  return name
}
