import { type Call, CallFailure } from '@sluice/contract'
import { isRecord, parseJson } from '@sluice/schema'
import { asJson } from './as-json.ts'
import { brokenJson } from './broken-json.ts'
import { cutText } from './code-points.ts'
import { PROJECTION } from './projection.ts'
import type { ResponseBody } from './read-response.ts'

/** Who asks, and until when: nobody's expressions hold up another's. */
type Asked = Pick<Call, 'caller' | 'deadline' | 'signal'>

export interface ProjectDeps {
  /** JSON text in, JSON text out, of an agent's own expression. @throws CallFailure of kind `interceptor` or `timeout` */
  readonly project: (expression: string, body: string, asked: Asked) => Promise<string>
  /** What is wrong with an expression, or nothing. */
  readonly faultOf: (expression: string) => string | undefined
}

export interface Projected {
  readonly answer: ResponseBody
  /** What is to be said of it beside it; else empty. */
  readonly note: string
}

/**
 * What the agent picked of an answer. The call was made by now, and may not be repeated: what cannot be picked from is shown as
 * it is, and says so.
 */
export function projectAnswer(
  answer: ResponseBody,
  projection: string | undefined,
  call: Asked,
  deps: ProjectDeps,
): Projected | Promise<Projected> {
  return projection === undefined || answer.kind === 'empty'
    ? { answer, note: '' }
    : projected(answer, projection, call, deps)
}

async function projected(
  answer: ResponseBody,
  projection: string,
  call: Asked,
  { project }: ProjectDeps,
): Promise<Projected> {
  const json = asJson(answer)
  if (!json) {
    const broken = brokenJson(answer)
    return { answer, note: notApplied(`the answer ${broken ? `as ${broken}` : `is no JSON but ${answer.mimeType}`}.`) }
  }
  try {
    const text = await project(projection, json.text, call)
    return { answer: { ...json, text }, note: isNothing(text) ? tellNothing(json.text) : '' }
  } catch (error) {
    if (!(error instanceof CallFailure) || error.kind === 'cancelled') throw error
    return { answer, note: notApplied(error.message) }
  }
}

function notApplied(why: string): string {
  return `[${PROJECTION} was not applied: ${why}]`
}

export function isNothing(text: string): boolean {
  return text === 'null' || text === '[]' || text === '{}'
}

const MOST_KEYS = 20

/** A name that is not there selects nothing, and looks like an answer: what is there is said. */
export function tellNothing(text: string): string {
  const value = parseJson(text)
  const [what, keys] = Array.isArray(value)
    ? ['a list whose items have', keysOf(value[0])]
    : ['an object with', keysOf(value)]
  if (keys.length === 0) return `[${PROJECTION} selected nothing.]`
  const names = keys.slice(0, MOST_KEYS).map(quoted).join(', ')
  const more = keys.length > MOST_KEYS ? ` and ${keys.length - MOST_KEYS} more` : ''
  return `[${PROJECTION} selected nothing. The answer is ${what} ${names}${more}.]`
}

const MOST_NAME_CHARS = 60

/** A name is the API's, and must not read like a word of ours (S33). */
function quoted(name: string): string {
  return JSON.stringify(name.length > MOST_NAME_CHARS ? `${cutText(name, MOST_NAME_CHARS)}…` : name)
}

function keysOf(value: unknown): string[] {
  return isRecord(value) ? Object.keys(value) : []
}
