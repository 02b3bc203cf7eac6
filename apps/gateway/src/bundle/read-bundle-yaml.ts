import { Problem } from '@sluice/contract'
import { readYaml } from '@sluice/openapi'
import { checkBody } from '../check-request.ts'
import type { BundleFaults } from './bundle-faults.ts'

const MOST_CHARS = 16 * 1024 * 1024
/** A file of ours has no anchors; what is past this is a bomb of them. */
const MOST_NODES = 2_000_000

/** One YAML file of a bundle, held against its form. Undefined where it has faults, which are told. */
export function readBundleYaml(path: string, text: string, schema: object, faults: BundleFaults): unknown {
  const tree = read(path, text, faults)
  if (tree === undefined) return undefined
  try {
    return checkBody(schema, tree)
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    for (const { pointer = '', detail, fix } of error.errors) faults.add(path, pointer, detail, fix)
    return undefined
  }
}

function read(path: string, text: string, faults: BundleFaults): unknown {
  if (text.length > MOST_CHARS) {
    faults.add(path, '', `The file has more than ${MOST_CHARS / 1024 / 1024} MB.`)
    return undefined
  }
  try {
    const { tree, overwritten } = readYaml(text)
    for (const { key } of overwritten) faults.add(path, '', `The key "${key}" stands twice in the same place.`)
    if (overwritten.length > 0) return undefined
    if (!isBounded(tree)) {
      faults.add(path, '', 'Its aliases make more of it than can be read.', 'Write it out.')
      return undefined
    }
    return tree ?? {}
  } catch (error) {
    const [reason] = String(error instanceof Error ? error.message : error).split('\n')
    faults.add(path, '', `The file is not YAML: ${reason}`)
    return undefined
  }
}

/** Looks at each place as often as it is referred to, and no further than the bound. */
function isBounded(tree: unknown): boolean {
  const open = [tree]
  for (let seen = 0; open.length > 0; seen++) {
    if (seen > MOST_NODES || open.length > MOST_NODES) return false
    const value = open.pop()
    if (typeof value === 'object' && value !== null) open.push(...Object.values(value))
  }
  return true
}
