import type { Missing } from './cut-json.ts'

/** The tool by which an agent reads on in an answer that was shown in part. */
export const READ_MORE_NAME = 'read_more'

/** What of a kept answer is read. */
export interface Place {
  readonly handle: string
  readonly jmespath?: string
  /** Items, members or characters to skip. Absent where the answer is shown for the first time. */
  readonly from?: number
}

const MOST_PLACES = 2
/** A longer expression is refused. */
const MOST_PATH_CHARS = 1_000

/** The calls that show what comes next, the inner parts before the outer. */
export function adviceToReadOn(missing: readonly Missing[], at: Place): string {
  const open = missing.filter(({ path, shown, total }) => shown < total && path.length <= MOST_PATH_CHARS)
  if (open.length === 0) return ''
  const places = open.slice(0, MOST_PLACES).map((one) => JSON.stringify(placeOf(one, at)))
  return `To read on, call ${READ_MORE_NAME} with ${places.join(', or with ')}.`
}

/** Where what is missing begins, in the whole of the answer. */
function placeOf({ path, shown, unit }: Missing, { handle, jmespath, from: before }: Place): Place {
  // Which members of an object are shown goes by their size, but for the outermost that is read on.
  const isRead = before !== undefined
  const from = before ?? 0
  const skipped = unit === 'fields' && !(isRead && path === '') ? 0 : shown
  if (path === '') return { handle, ...(jmespath ? { jmespath } : {}), from: from + skipped }
  // What was skipped counts for items; members have their names.
  const skippedItems = from > 0 && path.startsWith('[') ? [`[${from}:]`] : []
  const base = [...(jmespath ? [jmespath] : []), ...skippedItems]
  return { handle, jmespath: [...base, path].join(' | '), from: skipped }
}
