import type { Call } from '@sluice/contract'
import { isRecord, objectOf, parseJson } from '@sluice/schema'
import type { ResponseBody } from './read-response.ts'

/**
 * The arguments that give the next page, as `cursor="abc"`: what a `Link` says beyond this call's (RFC 8288 3), or a cursor in
 * the API's own answer, of which a filter may leave nothing (B179). Empty where there is none.
 */
export function nextPage(answer: ResponseBody, call: Call): string {
  return nextByLink(answer, call) || nextByBody(answer, call)
}

function nextByLink({ headers }: ResponseBody, call: Call): string {
  const link = headers
    .filter(([name]) => name.toLowerCase() === 'link')
    .flatMap(([, value]) => value.split(/,\s*(?=<)/))
    .find((one) => /;\s*rel="?[^"]*\bnext\b/i.test(one))
  return beyond(/<([^>]*)>/.exec(link ?? '')?.[1], call)
}

/** The arguments of a URL's query that this call does not have. */
function beyond(target: string | undefined, call: Call): string {
  if (target === undefined || !URL.canParse(target, call.upstream.baseUrl)) return ''
  const { searchParams } = new URL(target, call.upstream.baseUrl)
  const given = objectOf(call.arguments)
  const shown = objectOf(call.tool.inputSchema.properties)
  return call.tool.operation.parameters
    .flatMap((one) => (one.in === 'query' && Object.hasOwn(shown, one.argument) ? [one] : []))
    .flatMap(({ argument, name }) => {
      const value = searchParams.get(name)
      return value === null || String(given[argument] ?? '') === value ? [] : [`${argument}=${JSON.stringify(value)}`]
    })
    .join(', ')
}

/** How published APIs call what a next page is asked for by, in an argument and in an answer. */
const CURSOR_ARGUMENT =
  /^(next_?)?(cursor|page_?token|continuation_?token|page_?cursor|token|marker|starting_?after|start_?cursor|after)$/i
const CURSOR_MEMBER =
  /^(next|(next_?)(cursor|page_?token|token|page|marker|link|url|href|start)|cursor|end_?cursor|continuation_?token|page_?token)$/i

/** What APIs put it into. */
const ENVELOPE =
  /^(_?meta(data)?|_?links?|pag(e|es|ing|ination)(_?info)?|response_?metadata|cursors?|navigation|next)$/i

function nextByBody(answer: ResponseBody, call: Call): string {
  if (answer.kind !== 'json') return ''
  const shown = Object.keys(objectOf(call.tool.inputSchema.properties))
  const argument = shown.find((name) => CURSOR_ARGUMENT.test(name))
  // Answers have megabytes: one that nothing could be asked by is not looked through.
  const isPaged = argument !== undefined || call.tool.operation.parameters.some((one) => one.in === 'query')
  if (!isPaged || !/next|cursor|token/i.test(answer.text)) return ''
  const found = cursorIn(parseJson(answer.text), 0)
  if (found === undefined) return ''
  if (/^(https?:\/\/|[/?])/.test(found)) return beyond(found, call)
  const isNew = argument !== undefined && objectOf(call.arguments)[argument] !== found
  return isNew ? `${argument}=${JSON.stringify(found)}` : ''
}

const MOST_CHARS = 2_000
const DEEPEST = 3

function cursorIn(value: unknown, depth: number, within = ''): string | undefined {
  if (!isRecord(value) || depth > DEEPEST) return undefined
  const members = Object.entries(value)
  // `next: {href: …}` (HAL, JSON:API)
  const isNext = (name: string) => CURSOR_MEMBER.test(name) || (within === 'next' && name === 'href')
  const own = members.find(
    ([name, member]) => isNext(name) && typeof member === 'string' && member !== '' && member.length <= MOST_CHARS,
  )
  if (own) return own[1] as string
  for (const [name, member] of members) {
    const found = ENVELOPE.test(name) ? cursorIn(member, depth + 1, name) : undefined
    if (found !== undefined) return found
  }
  return undefined
}
