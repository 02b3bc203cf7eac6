import { type Call, headerValue } from '@sluice/contract'
import { objectOf } from '@sluice/schema'
import { PROJECTION } from './projection.ts'
import { adviceToReadOn } from './read-on.ts'
import type { ResponseBody } from './read-response.ts'
import type { Part } from './to-result.ts'

const MOST_TOLD = 5
const MOST_PATH_CHARS = 200

/** What of an answer is not shown, and how to get it; empty where all of it is (B139, B179). */
export function tellMore(body: ResponseBody, call: Call, part?: Part, handle?: string): string {
  const next = nextPage(body, call)
  if (!part) return next ? `[More: call again with ${next}.]` : ''
  const advice = [adviceOf(next, call), handle ? adviceToReadOn(part.missing, { handle }) : '']
  return `[${[tellMissing(part), ...advice].filter(Boolean).join(' ')}]`
}

export function tellMissing({ missing, bytes }: Part): string {
  const open = missing.filter(({ shown, total }) => shown < total)
  const parts = open.slice(0, MOST_TOLD).map(({ path, shown, total, unit }) => {
    const place = path.length > MOST_PATH_CHARS ? `${path.slice(0, MOST_PATH_CHARS)}…` : path
    const what = place === '' ? unit : `${unit} of ${place}`
    return `${shown} of ${total} ${what}`
  })
  const more = open.length > MOST_TOLD ? ` and ${open.length - MOST_TOLD} other places` : ''
  return `Shown in part: ${parts.join(', ')}${more}. The whole answer has ${bytes} bytes.`
}

function adviceOf(next: string, call: Call): string {
  const projection = call.tool.offersProjection ? ` Or pick what you need of it with ${PROJECTION}.` : ''
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

/** The arguments that a `Link` of the relation `next` has beyond this call's (RFC 8288 3). */
function nextPage({ headers }: ResponseBody, call: Call): string {
  const link = (headerValue(headers, 'link') ?? '')
    .split(/,\s*(?=<)/)
    .find((one) => /;\s*rel="?[^"]*\bnext\b/i.test(one))
  const target = /<([^>]*)>/.exec(link ?? '')?.[1]
  if (target === undefined || !URL.canParse(target, call.upstream.baseUrl)) return ''
  const { searchParams } = new URL(target, call.upstream.baseUrl)
  const given = objectOf(call.arguments)
  const shown = propertiesOf(call)
  return call.tool.operation.parameters
    .flatMap((one) => (one.in === 'query' && Object.hasOwn(shown, one.argument) ? [one] : []))
    .flatMap(({ argument, name }) => {
      const value = searchParams.get(name)
      return value === null || String(given[argument] ?? '') === value ? [] : [`${argument}=${JSON.stringify(value)}`]
    })
    .join(', ')
}
