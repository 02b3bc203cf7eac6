import type { Call } from '@sluice/contract'
import { objectOf } from '@sluice/schema'
import { cutText } from './code-points.ts'
import { PROJECTION } from './projection.ts'
import { adviceToReadOn } from './read-on.ts'
import type { Part } from './to-result.ts'

const MOST_TOLD = 5
const MOST_PATH_CHARS = 200

/** What of an answer is not shown, and how to get it, with what gives the next page; empty where all of it is (B139, B179). */
export function tellMore(next: string, call: Call, part?: Part, handle?: string): string {
  if (!part) return next ? `[More: call again with ${next}.]` : ''
  const advice = [adviceOf(next, call, part), handle ? adviceToReadOn(part.missing, { handle }) : '']
  return `[${[tellMissing(part), ...advice].filter(Boolean).join(' ')}]`
}

export function tellMissing({ missing, bytes }: Part): string {
  const open = missing.filter(({ shown, total }) => shown < total)
  const parts = open.slice(0, MOST_TOLD).map(({ path, shown, total, unit }) => {
    const place = path.length > MOST_PATH_CHARS ? `${cutText(path, MOST_PATH_CHARS)}…` : path
    const what = place === '' ? unit : `${unit} of ${place}`
    return `${shown} of ${total} ${what}`
  })
  const more = open.length > MOST_TOLD ? ` and ${open.length - MOST_TOLD} other places` : ''
  return `Shown in part: ${parts.join(', ')}${more}. The whole answer has ${bytes} bytes.`
}

function adviceOf(next: string, call: Call, { whole }: Part): string {
  const projection =
    call.tool.offersProjection && whole.kind === 'json' ? ` Or pick what you need of it with ${PROJECTION}.` : ''
  const paging = Object.keys(propertiesOf(call)).filter((name) => PAGING.test(name))
  if (paging.length > 0) {
    const then = next ? ` Its next page: ${next}.` : ''
    return `Ask for smaller pages, and one after the other: ${paging.join(', ')}.${then}${projection}`
  }
  if (projection) return `Pick what you need of it with ${PROJECTION}.`
  return 'Ask for less of it: give arguments that narrow the answer, or call what gives one item.'
}

/** Names of arguments that choose a part of a list, as published APIs call them. */
const PAGING =
  /^(page|pages?_?(no|num|number|index|size|token|limit)?|per_?page|offset|skip|start(ing)?(_?(at|after|index|position))?|ending_?before|cursor|next(_?(token|cursor|page))?|after|before|limit|count|take|top|max_?(results?|items|records|keys)|size|rows|marker|continuation_?token|\$?(top|skip))$/i

function propertiesOf({ tool }: Call): Record<string, unknown> {
  return objectOf(tool.inputSchema.properties)
}
