import { isObject } from '@sluice/schema'
import type { Findings } from './findings.ts'
import { pointerTo } from './json-pointer.ts'

const OTHER_PATHS = 'x-ms-paths'

/** Azure has paths that differ in their query alone in an extension: what is not read is said. */
export function tellOtherPaths(root: Record<string, unknown>, findings: Findings): void {
  const others = isObject(root[OTHER_PATHS]) ? Object.keys(root[OTHER_PATHS]) : []
  if (others.length === 0) return
  const message = `The paths of \`${OTHER_PATHS}\`, ${others.length} in all, are not read, so their operations are no tools`
  const fix = 'Move those that are wanted below `paths`.'
  findings.add({ code: 'paths-extension', severity: 'warning', pointer: pointerTo('', OTHER_PATHS), message, fix })
}
