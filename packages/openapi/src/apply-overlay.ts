import { Problem } from '@sluice/contract'
import { isObject, isRecord } from '@sluice/schema'
import type { Findings } from './findings.ts'
import { pointerTo } from './json-pointer.ts'
import { readTree } from './read-spec.ts'
import { type Path, selectNodes } from './select-nodes.ts'

interface Action {
  readonly target: string
  readonly update?: unknown
  readonly remove: boolean
}

/**
 * Applies an Overlay 1.0 document: each action in turn changes or removes what its JSONPath (RFC 9535) selects. The document
 * given is changed. An action that selects nothing is reported: the document may have moved on.
 * @throws Problem `overlay-invalid`
 */
export function applyOverlay(root: Record<string, unknown>, overlay: string, findings: Findings): RemovedItems {
  const removed: RemovedItems = new Map()
  const tree: Tree = { root, own: new WeakSet([root]) }
  for (const [index, action] of readActions(overlay).entries()) {
    const nodes = select(action.target, root, index)
    if (nodes.length === 0) {
      const message = `Action ${index + 1} of the overlay selects nothing: ${action.target}`
      findings.add({
        code: 'overlay-unused',
        severity: 'warning',
        file: OVERLAY,
        pointer: `/actions/${index}/target`,
        message,
        fix: 'Correct or drop it.',
      })
    }
    if (action.remove) removeAll(tree, nodes, removed)
    else for (const path of nodes) update(tree, path, action.update)
  }
  return removed
}

/** How diagnostics call the text of the overlay. */
export const OVERLAY = 'overlay'

/** Items that were taken out of lists, by the pointer of the list, as indexes of the list as received. */
export type RemovedItems = Map<string, number[]>

/** A pointer into the document after an overlay, as a pointer into the text as received. */
export function beforeOverlay(pointer: string, removed: RemovedItems): string {
  if (removed.size === 0) return pointer
  return pointer.split('/').reduce((received, token) => {
    const gone = removed.get(received)
    if (!gone || !/^\d+$/.test(token)) return token === '' && received === '' ? '' : `${received}/${token}`
    let index = Number(token)
    for (const before of gone.toSorted((a, b) => a - b)) if (before <= index) index++
    return `${received}/${index}`
  }, '')
}

function readActions(text: string): Action[] {
  const overlay = readTree(text)
  if (!isObject(overlay) || typeof overlay.overlay !== 'string')
    throw invalid('', 'It has no `overlay: 1.0.0` at its root')
  if (!/^1\./.test(overlay.overlay)) throw invalid('/overlay', `It is of version ${overlay.overlay}, and 1.0 is read`)
  if (!Array.isArray(overlay.actions) || overlay.actions.length === 0)
    throw invalid('/actions', 'It has no list of actions')
  return overlay.actions.map((action, index): Action => {
    const pointer = pointerTo('/actions', index)
    if (!isObject(action) || typeof action.target !== 'string') throw invalid(pointer, 'An action needs a target')
    const remove = action.remove === true
    if (!remove && action.update === undefined) throw invalid(pointer, 'An action needs `update` or `remove: true`')
    return { target: action.target, update: action.update, remove }
  })
}

function select(target: string, root: Record<string, unknown>, index: number): Path[] {
  try {
    return selectNodes(target, root)
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause)
    throw invalid(`/actions/${index}/target`, `${JSON.stringify(target)} is no JSONPath: ${message}`, cause)
  }
}

/** The document, with those of its parts that stand at one place only: a YAML alias puts the others at several. */
interface Tree {
  readonly root: Record<string, unknown>
  readonly own: WeakSet<object>
}

type Container = Record<string | number, unknown>

/** What holds the last step of a path, copied all the way down, so that what is changed in it changes nowhere else. */
function parentOf({ root, own }: Tree, path: Path): Container {
  return path.slice(0, -1).reduce<Container>((value, token) => {
    const child = value[token] as Container
    if (own.has(child)) return child
    const copy = (Array.isArray(child) ? [...child] : { ...child }) as Container
    own.add(copy)
    put(value, token, copy)
    return copy
  }, root)
}

/** Also under the name `__proto__`, which assignment takes for something else. */
function put(holder: Container, key: string | number, value: unknown): void {
  Object.defineProperty(holder, key, { value, writable: true, enumerable: true, configurable: true })
}

/** Overlay 1.0.0 4.4.3: objects are merged member by member, lists are appended to, all else is replaced. */
function update(tree: Tree, path: Path, value: unknown): void {
  if (path.length === 0) {
    if (isObject(value))
      for (const [key, item] of Object.entries(merged(tree.root, value) as object)) put(tree.root, key, item)
    return
  }
  const parent = parentOf(tree, path)
  put(parent, path.at(-1)!, merged(parent[path.at(-1)!], value))
}

function merged(before: unknown, value: unknown): unknown {
  if (Array.isArray(before)) return [...before, ...(Array.isArray(value) ? value : [value])]
  if (!isRecord(before) || !isRecord(value)) return copyOf(value)
  const copy: Record<string, unknown> = { ...before }
  for (const [key, item] of Object.entries(value))
    put(copy, key, Object.hasOwn(copy, key) ? merged(copy[key], item) : copyOf(item))
  return copy
}

/** What one action sets in several places is not shared by them. */
function copyOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(copyOf)
  return isRecord(value) ? merged({}, value) : value
}

/** From the last to the first, so that an index still means what it meant when it was selected. */
function removeAll(tree: Tree, paths: readonly Path[], removed: RemovedItems): void {
  for (const path of paths.toSorted(lastFirst)) {
    if (path.length === 0) throw invalid('/actions', 'An overlay cannot remove the whole document')
    const parent = parentOf(tree, path)
    const last = path.at(-1)!
    if (!Array.isArray(parent)) delete parent[last]
    else {
      const list = beforeOverlay(pointerTo('', ...path.slice(0, -1)), removed)
      const item = beforeOverlay(pointerTo('', ...path), removed)
      parent.splice(last as number, 1)
      removed.set(list, [...(removed.get(list) ?? []), Number(item.slice(item.lastIndexOf('/') + 1))])
    }
  }
}

/** Higher indexes before lower ones, and what lies inside before what holds it. */
function lastFirst(one: Path, other: Path): number {
  const at = one.findIndex((token, index) => token !== other[index])
  const [mine, its] = [at < 0 ? undefined : one[at], at < 0 ? undefined : other[at]]
  if (mine === undefined || its === undefined) return other.length - one.length
  if (typeof mine === 'number' && typeof its === 'number') return its - mine
  return String(mine) < String(its) ? 1 : -1
}

function invalid(pointer: string, detail: string, cause?: unknown): Problem {
  const fix = 'Give an Overlay 1.0 document: overlay, info, and actions of target with update or remove.'
  return new Problem('overlay-invalid', {
    detail: `The overlay cannot be applied. ${detail}.`,
    errors: [{ pointer: `/overlay${pointer}`, detail, fix }],
    cause,
  })
}
