import { Problem } from '@sluice/contract'
import { parseJson } from '@sluice/schema'
import { checkBody } from '../check-request.ts'
import type { BundleFaults } from './bundle-faults.ts'
import { type ParsedYaml, parseYaml } from './parse-yaml.ts'

/** What is parsed at once, in some milliseconds; more than that is parsed apart, while calls go on. */
const MOST_AT_ONCE_BYTES = 128 * 1024

/** Parses the YAML files of a bundle, where they are large by `apart`. */
export async function parseFiles(
  files: readonly Uint8Array[],
  apart: (files: readonly Uint8Array[]) => Promise<readonly ParsedYaml[]>,
): Promise<readonly ParsedYaml[]> {
  const total = files.reduce((sum, { byteLength }) => sum + byteLength, 0)
  return total <= MOST_AT_ONCE_BYTES ? files.map(parseYaml) : apart(files)
}

/** One YAML file of a bundle, held against its form. Undefined where it has faults, which are told. */
export function readBundleYaml(path: string, parsed: ParsedYaml, schema: object, faults: BundleFaults): unknown {
  if ('faults' in parsed) {
    for (const { detail, fix } of parsed.faults) faults.add(path, '', detail, fix)
    return undefined
  }
  try {
    return checkBody(schema, parseJson(parsed.json))
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    for (const { pointer = '', detail, fix } of error.errors) faults.add(path, pointer, detail, fix)
    return undefined
  }
}
