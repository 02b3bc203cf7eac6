import type { ApplyReport, BundleChange } from '@sluice/contract'
import { count, paint, safe } from './print.ts'

/** What applying a bundle changes, leaves and wants, for a person. */
export function bundleText({ changes, left, toSet, notes, committed }: ApplyReport): string {
  const extra = left.filter(({ change }) => change === 'removed')
  const other = left.filter(({ change }) => change !== 'removed')
  const nothing = changes.length === 0 ? 'Nothing to change.' : ''
  return [
    nothing || `${committed ? 'Changed' : 'Would change'} ${count(changes.length, 'setting')}:`,
    ...changes.map(lineOf),
    ...section('Not in the bundle, and left alone (`--prune` removes what can be removed):', extra),
    ...section('Here otherwise than in the bundle, and left so:', other),
    ...notes.map((note) => `- ${safe(note)}`),
    ...(toSet.length > 0 ? [`To be set, since no bundle holds a secret:`] : []),
    ...toSet.map(({ kind, name, fix }) => `  ${kind} ${safe(name)}: ${safe(fix)}`),
  ].join('\n')
}

function section(title: string, changes: readonly BundleChange[]): string[] {
  return changes.length === 0 ? [] : [title, ...changes.map(lineOf)]
}

const MARKS = { added: ['+', 'green'], changed: ['~', 'yellow'], removed: ['-', 'red'] } as const

function lineOf({ change, path, pointer, before, after }: BundleChange): string {
  const [mark, colour] = MARKS[change]
  const place = `${path}${pointer === '' ? '' : ` ${pointer}`}`
  const values =
    change === 'changed' ? `: ${brief(before)} -> ${brief(after)}` : pointer === '' ? '' : `: ${brief(after ?? before)}`
  return paint(colour, `  ${mark} ${safe(place + values)}`)
}

function brief(value: unknown): string {
  const text = JSON.stringify(value) ?? ''
  return text.length > MOST_CHARS ? `${text.slice(0, MOST_CHARS)}…` : text
}

const MOST_CHARS = 100
