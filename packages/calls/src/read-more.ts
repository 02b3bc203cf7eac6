import { type Call, CallFailure, type CallOutcome, LIMITS, type ListedTool } from '@sluice/contract'
import { isRecord, parseJsonAsWritten, stringifyJson } from '@sluice/schema'
import { checkArguments } from './check-arguments.ts'
import { afterCodePoints } from './code-points.ts'
import type { KeptAnswer } from './continuations.ts'
import type { PresentDeps } from './present-answer.ts'
import { isNothing, type ProjectDeps, tellNothing } from './project-answer.ts'
import { PROJECTION, PROJECTION_SCHEMA } from './projection.ts'
import { adviceToReadOn, type Place, READ_MORE_NAME } from './read-on.ts'
import { readerOf } from './reader-of.ts'
import { tellMissing } from './tell-more.ts'
import { textBlock, toResult } from './to-result.ts'

const SCHEMA = {
  type: 'object',
  properties: {
    handle: { type: 'string', maxLength: 100, description: 'As the answer that was cut gave it.' },
    [PROJECTION]: { ...PROJECTION_SCHEMA, description: 'JMESPath of what is read; without it the whole answer.' },
    from: {
      type: 'integer',
      minimum: 0,
      description: 'How many items of a list, members of an object or characters of a text to skip.',
    },
  },
  required: ['handle'],
  additionalProperties: false,
}

/** How `read_more` is listed. */
export const READ_MORE: ListedTool = {
  name: READ_MORE_NAME,
  title: 'Read more of an answer',
  description: `Shows more of an answer that was shown in part, within ${LIMITS.keptAnswerMs / 60_000} minutes.`,
  annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
  wireSchema: SCHEMA,
  inputSchema: SCHEMA,
}

/** A further part of an answer that was shown in part, for whoever made the call and may use its tool still. */
export async function readMore(
  call: Pick<Call, 'arguments' | 'caller' | 'deadline' | 'signal' | 'resultBytes'>,
  mayUse: (toolId: string) => boolean,
  deps: ProjectDeps & PresentDeps,
): Promise<CallOutcome> {
  try {
    const place = checkArguments(SCHEMA, call.arguments) as unknown as Place
    const fault = place.jmespath && deps.faultOf(place.jmespath)
    if (fault) throw new CallFailure('arguments', `${PROJECTION} is not JMESPath: ${fault}`)
    const kept = await deps.continuations?.find(readerOf(call.caller), place.handle).catch(unreadable)
    if (!kept || !mayUse(kept.toolId)) throw gone(place)
    const selected = await select(kept, place, call, deps)
    const nothing = place.jmespath && isNothing(selected.text) ? tellNothing(kept.text) : ''
    return show(selected, place, nothing, call.resultBytes)
  } catch (error) {
    if (error instanceof CallFailure) return error.outcome
    throw error
  }
}

function unreadable(cause: unknown): never {
  const message =
    'The kept answer cannot be read now. Try again, or make the call again with arguments that ask for less.'
  throw new CallFailure('upstream', message, { cause })
}

function gone({ handle }: Place): CallFailure {
  const minutes = LIMITS.keptAnswerMs / 60_000
  const message = `No answer is kept as ${JSON.stringify(handle)}: answers are kept for ${minutes} minutes. Make the call again, with arguments that ask for less.`
  return new CallFailure('arguments', message)
}

type Whole = Pick<KeptAnswer, 'kind' | 'text'>

async function select(
  kept: Whole,
  { jmespath, from = 0 }: Place,
  call: Parameters<ProjectDeps['project']>[2],
  { project }: ProjectDeps,
): Promise<Whole> {
  if (kept.kind === 'text') {
    if (jmespath) throw new CallFailure('arguments', `The answer is no JSON: leave ${PROJECTION} out, and give from.`)
    return { kind: 'text', text: afterCodePoints(kept.text, from) }
  }
  const text = jmespath ? await project(jmespath, kept.text, call) : kept.text
  return from === 0
    ? { kind: 'json', text }
    : { kind: 'json', text: stringifyJson(skip(parseJsonAsWritten(text), from)) }
}

function skip(value: unknown, from: number): unknown {
  if (Array.isArray(value)) return value.slice(from)
  if (typeof value === 'string') return afterCodePoints(value, from)
  return isRecord(value) ? Object.fromEntries(Object.entries(value).slice(from)) : value
}

function show({ kind, text }: Whole, place: Place, nothing: string, maxBytes?: number): CallOutcome {
  const { content, part } = toResult(
    { status: 200, headers: [], mimeType: '', kind, text },
    {
      inOrder: true,
      ...(maxBytes === undefined ? {} : { maxBytes }),
    },
  )
  if (!part) return { ok: true, content: nothing === '' ? content : [...content, textBlock(nothing)] }
  const note = `[${[tellMissing(part), adviceToReadOn(part.missing, { from: 0, ...place })].filter(Boolean).join(' ')}]`
  return { ok: true, content: [textBlock(note), ...content], isPart: true }
}
