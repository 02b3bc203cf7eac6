import { readYaml } from '@sluice/openapi'
import { stringifyJson } from '@sluice/schema'

const MEGABYTE = 1024 * 1024
/** Of one file; those of a workspace of 17,000 tools, none of them edited, are in one of 2 MB. */
const MOST_YAML_BYTES = 8 * MEGABYTE
/** A file of ours has no anchors; what is past this is a bomb of them. */
const MOST_NODES = 2_000_000
const MOST_CHARS = 4 * MOST_YAML_BYTES

/** What a YAML file says, as JSON text, or why that cannot be told. */
export type ParsedYaml =
  | { readonly json: string }
  | { readonly faults: ReadonlyArray<{ detail: string; fix?: string }> }

/** One YAML file of a bundle. */
export function parseYaml(bytes: Uint8Array): ParsedYaml {
  if (bytes.byteLength > MOST_YAML_BYTES)
    return { faults: [{ detail: `The file has more than ${MOST_YAML_BYTES / MEGABYTE} MB.` }] }
  try {
    const { tree, overwritten } = readYaml(Buffer.from(bytes).toString('utf8'))
    if (overwritten.length > 0)
      return { faults: overwritten.map(({ key }) => ({ detail: `The key "${key}" stands twice in the same place.` })) }
    if (!isBounded(tree))
      return { faults: [{ detail: 'Its aliases make more of it than can be read.', fix: 'Write it out.' }] }
    return { json: stringifyJson(tree ?? {}) }
  } catch (error) {
    const [reason] = String(error instanceof Error ? error.message : error).split('\n')
    return { faults: [{ detail: `The file is not YAML: ${reason}` }] }
  }
}

/** Looks at each place as often as it is referred to, and no further than the bounds. */
function isBounded(tree: unknown): boolean {
  const open = [tree]
  let chars = 0
  for (let seen = 0; open.length > 0; seen++) {
    if (seen > MOST_NODES || open.length > MOST_NODES || chars > MOST_CHARS) return false
    const value = open.pop()
    if (typeof value === 'string') chars += value.length
    if (typeof value === 'object' && value !== null) open.push(...Object.values(value))
  }
  return true
}
