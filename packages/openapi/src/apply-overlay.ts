import { Problem } from '@sluice/contract'
import { isObject } from '@sluice/schema'
import { jsonpath } from 'json-p3'
import type { Findings } from './findings.ts'
import { pointerTo } from './json-pointer.ts'
import { readTree } from './read-spec.ts'

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
  for (const [index, action] of readActions(overlay).entries()) {
    const nodes = select(action.target, root, index)
    if (nodes.length === 0) {
      const message = `Action ${index + 1} of the overlay selects nothing: ${action.target}`
      findings.add({
        code: 'overlay-unused',
        severity: 'warning',
        pointer: `/${index}`,
        message,
        fix: 'Correct or drop it.',
      })
    }
    if (action.remove) removeAll(root, nodes, removed)
    else for (const path of nodes) update(root, path, action.update)
  }
  return removed
}

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

type Path = ReadonlyArray<string | number>

const MOST_NODES = 100_000

function select(target: string, root: Record<string, unknown>, index: number): Path[] {
  try {
    const paths: Path[] = []
    for (const node of jsonpath.lazyQuery(target, root as never)) {
      if (paths.length >= MOST_NODES) throw new Error(`it selects more than ${MOST_NODES} places`)
      paths.push(node.location)
    }
    return paths
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause)
    throw invalid(`/actions/${index}/target`, `${JSON.stringify(target)} is no JSONPath: ${message}`, cause)
  }
}

function parentOf(root: unknown, path: Path): Record<string | number, unknown> {
  return path.slice(0, -1).reduce((value, token) => (value as Record<string | number, unknown>)[token], root) as Record<
    string | number,
    unknown
  >
}

/** Overlay 1.0.0 4.4.3: objects are merged member by member, lists are appended to, all else is replaced. */
function update(root: Record<string, unknown>, path: Path, value: unknown): void {
  if (path.length === 0) {
    if (isObject(value)) Object.assign(root, merged(root, value))
    return
  }
  const parent = parentOf(root, path)
  parent[path.at(-1)!] = merged(parent[path.at(-1)!], value)
}

function merged(before: unknown, value: unknown): unknown {
  if (Array.isArray(before)) return [...before, ...(Array.isArray(value) ? value : [value])]
  if (!isObject(before) || !isObject(value)) return structuredClone(value)
  const copy: Record<string, unknown> = { ...before }
  for (const [key, item] of Object.entries(value))
    copy[key] = Object.hasOwn(copy, key) ? merged(copy[key], item) : structuredClone(item)
  return copy
}

/** From the last to the first, so that an index still means what it meant when it was selected. */
function removeAll(root: Record<string, unknown>, paths: readonly Path[], removed: RemovedItems): void {
  for (const path of paths.toReversed()) {
    if (path.length === 0) throw invalid('/actions', 'An overlay cannot remove the whole document')
    const parent = parentOf(root, path)
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

function invalid(pointer: string, detail: string, cause?: unknown): Problem {
  const fix = 'Give an Overlay 1.0 document: overlay, info, and actions of target with update or remove.'
  return new Problem('overlay-invalid', {
    detail: `The overlay cannot be applied. ${detail}.`,
    errors: [{ pointer: `/overlay${pointer}`, detail, fix }],
    cause,
  })
}
