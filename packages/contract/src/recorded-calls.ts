import { type Static, type TNumber, type TOptional, type TProperties, Type } from 'typebox'
import { FAILURE_KINDS } from './failure-kinds.ts'
import { Id, Nullable, PageQuery, Slug, Timestamp } from './pages.ts'
import { CACHE_USES } from './tool-cache.ts'

/** What an answer costs a model, before and after what is made of it. */
export const CallTokens = Type.Object(
  {
    raw: Type.Integer({ description: 'Of the answer of the API, as it came.' }),
    sent: Type.Integer({ description: 'Of what the model was shown.' }),
    isReckoned: Type.Optional(
      Type.Literal(true, { description: 'Not counted but reckoned, since many calls were made at once.' }),
    ),
  },
  {
    description:
      'Model tokens (o200k); null where there was no answer of text. Of a tool of Sluice’s own `raw` is 0: it asks no API.',
  },
)
export type CallTokens = Static<typeof CallTokens>

/** How a call came: by its own name, by `call_tool`, from an agent's code or a composite, as a resource that was read, or tried by a curator. */
export const CALL_ROADS = ['direct', 'search', 'code', 'composite', 'resource', 'try'] as const
export type CallRoad = (typeof CALL_ROADS)[number]

/** Stages of a call that its record times, in their order. `upstream` is credential, sending and repeats together. */
export const TIMED_STAGES = ['arguments', 'request', 'upstream', 'response', 'filter', 'result'] as const
export type TimedStage = (typeof TIMED_STAGES)[number]

/** How a call ended; `bug`: it broke inside Sluice. */
export const CALL_ENDS = ['ok', ...FAILURE_KINDS, 'bug'] as const
export type CallEnd = (typeof CALL_ENDS)[number]

const Text = Type.String()

/** A call that ended, as it is recorded. */
export const RecordedCall = Type.Object({
  id: Type.String({ examples: ['0b1f6f0e-7c1e-4a55-9d1c-3c5a2c0f4e11'] }),
  at: Timestamp,
  server: Type.String({
    description: 'Its slug at that time; empty where a tool was tried, which is of no server.',
    examples: ['bookshop'],
  }),
  tool: Type.String({
    description: 'Its name on the server, or the name that was asked for.',
    examples: ['list_books'],
  }),
  toolId: Nullable(Type.String({ description: 'Null for a tool of Sluice’s own, and for one that there is not.' })),
  operationVersion: Nullable(Type.String({ description: 'What was served of the operation.' })),
  specRevision: Nullable(Type.String({ description: 'The revision of the document that brought that version.' })),
  callerId: Type.String({
    description: 'Id of the access key or admin key; of an access token its issuer and its subject.',
    examples: ['key_01k9x3v8r6q2m4n7p0s5t8w1yz'],
  }),
  caller: Type.String({
    description: 'Name of the access key or admin key, or the subject of an access token and its issuer’s name.',
    examples: ['Ada’s laptop'],
  }),
  client: Type.String({ description: 'Name of the MCP client.', examples: ['claude-code'] }),
  clientVersion: Nullable(Text),
  road: Type.Enum([...CALL_ROADS], {
    description:
      'By its own name, by `call_tool`, from code or a composite, as a resource that was read, or tried through the admin API.',
  }),
  parent: Nullable(Type.String({ description: 'The call whose code made it.' })),
  outcome: Type.String({ description: '`ok`, or why it failed.', examples: ['ok'] }),
  status: Nullable(Type.Integer({ description: 'What the API answered; null where none was asked.' })),
  retries: Type.Integer({ description: 'How often it was sent again.' }),
  cache: Nullable(
    Type.Enum([...CACHE_USES], {
      description:
        'What the tool’s cache did: `revalidated` is served again after the API said that it is still right.',
    }),
  ),
  ms: Type.Number({ description: 'Milliseconds in all.' }),
  stages: Type.Record(Type.String(), Type.Number(), {
    description: `Milliseconds of each stage that it came through: ${TIMED_STAGES.join(', ')}.`,
    examples: [{ upstream: 11.2 }],
  }),
  rawBytes: Nullable(Type.Integer({ description: 'Of the answer of the API.' })),
  bytes: Type.Integer({ description: 'Of what was sent to the client.' }),
  tokens: Nullable(CallTokens),
  savedTokens: Nullable(
    Type.Integer({
      description:
        '`raw` less `sent`. Of a tool of Sluice’s own, such as `search_tools` or code, it is negative: what is spared counts with the calls of the API.',
    }),
  ),
  traceId: Nullable(Type.String({ description: 'W3C trace id.' })),
})
export type RecordedCall = Static<typeof RecordedCall>

/** What of a call is a number, as it is asked for and in words: each has a least and a most, `minBytes` and `maxBytes`. */
export const CALL_NUMBERS = {
  ms: 'milliseconds in all',
  retries: 'times that it was sent again',
  rawBytes: 'bytes of the answer of the API',
  bytes: 'bytes sent to the client',
  rawTokens: 'tokens of the answer of the API',
  sentTokens: 'tokens of what the model was shown',
  savedTokens: 'tokens saved',
} as const
export type CallNumber = keyof typeof CALL_NUMBERS

type Bounds = { readonly [Name in `${'min' | 'max'}${Capitalize<CallNumber>}`]: TOptional<TNumber> }

/** The names by which the least and the most of a number are asked for. */
export function boundsOf(name: CallNumber) {
  const rest = (name[0]!.toUpperCase() + name.slice(1)) as Capitalize<CallNumber>
  return { least: `min${rest}`, most: `max${rest}` } as const
}

const bounds = Object.fromEntries(
  Object.entries(CALL_NUMBERS).flatMap(([name, words]) => {
    const { least, most } = boundsOf(name as CallNumber)
    return [
      [least, Type.Optional(Type.Number({ description: `At least so many ${words}.` }))],
      [most, Type.Optional(Type.Number({ description: `At most so many ${words}.` }))],
    ]
  }),
) as unknown as Bounds

const filterProperties = {
  server: Type.Optional(Text),
  tool: Type.Optional(Text),
  toolId: Type.Optional(Id),
  operationVersion: Type.Optional(Id),
  specRevision: Type.Optional(Id),
  callerId: Type.Optional(Text),
  caller: Type.Optional(Text),
  client: Type.Optional(Text),
  clientVersion: Type.Optional(Text),
  road: Type.Optional(Type.Enum([...CALL_ROADS])),
  parent: Type.Optional(Id),
  outcome: Type.Optional(Type.Enum([...CALL_ENDS], { examples: ['upstream'] })),
  status: Type.Optional(Type.Integer({ minimum: 100, maximum: 599 })),
  cache: Type.Optional(Type.Enum([...CACHE_USES])),
  traceId: Type.Optional(Type.String({ maxLength: 64 })),
  failed: Type.Optional(Type.Boolean({ description: 'Those that failed, or those that did not.' })),
  reckoned: Type.Optional(Type.Boolean({ description: 'Those whose tokens were reckoned, or those that were not.' })),
  stage: Type.Optional(Type.Enum([...TIMED_STAGES], { description: 'Those that came through that stage.' })),
  minStageMs: Type.Optional(
    Type.Number({ description: 'Those whose `stage`, or without one any, took at least so many milliseconds.' }),
  ),
  ...bounds,
  since: Type.Optional(Type.String({ format: 'date-time', description: 'Those that began then or later.' })),
  until: Type.Optional(Type.String({ format: 'date-time', description: 'Those that began before.' })),
} satisfies TProperties

/** Which calls are meant; all that is given must fit. */
export const CallFilter = Type.Object(filterProperties, { additionalProperties: false })
export type CallFilter = Static<typeof CallFilter>

export const CallPage = PageQuery(['-at', 'at'], filterProperties)

const keptContent = {
  arguments: Nullable(Type.String({ description: 'JSON as the agent sent it.' })),
  answer: Nullable(
    Type.String({ description: 'Of the API, before filters and interceptors; null where it was no text.' }),
  ),
  answerType: Nullable(Type.String({ description: 'Its media type.', examples: ['application/json'] })),
  isCut: Type.Boolean({ description: 'One of them is the beginning of what it was.' }),
  isRedacted: Type.Boolean({ description: 'The arguments are not what was sent: redaction took something out.' }),
}
const KeptContentSchema = Type.Object(keptContent)
/** What was sent and answered in a call, masked and redacted. */
export type KeptContent = Static<typeof KeptContentSchema>

export const CallContent = Type.Object({
  toolId: RecordedCall.properties.toolId,
  status: RecordedCall.properties.status,
  ...keptContent,
})
export type CallContent = Static<typeof CallContent>

export const KeepCall = Type.Object({ name: Slug }, { additionalProperties: false, examples: [{ name: 'a-page' }] })

export const TailCalls = Type.Object(
  {
    ...filterProperties,
    after: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 100,
        description:
          'The id of the call that was told last: the stream goes on after it, with what was recorded since. Those of the seconds before it may be told again.',
      }),
    ),
    seconds: Type.Optional(
      Type.Integer({ minimum: 0, maximum: 86_400, description: 'The stream ends by itself after so many.' }),
    ),
  },
  { additionalProperties: false },
)
