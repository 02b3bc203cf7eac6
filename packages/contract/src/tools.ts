import { type Static, Type } from 'typebox'
import { CallSteps } from './call-steps.ts'
import { ChangeNote } from './change-notes.ts'
import { Flag, Id, Nullable, Slug, Timestamp } from './pages.ts'
import { GivenAnswer } from './samples.ts'
import { ToolCache } from './tool-cache.ts'

export const ToolName = Type.String({
  minLength: 1,
  maxLength: 48,
  pattern: '^[a-zA-Z0-9_-]{1,48}$',
  description: 'Letters, digits, underscores and hyphens; at most 48.',
  examples: ['list_books'],
})

/** What a curator changes of one argument. A fixed one is sent with every call; the model neither sees nor sets it. */
export const ArgumentEdit = Type.Union(
  [
    Type.Object(
      { hidden: Type.Literal(true) },
      { additionalProperties: false, description: 'Never sent. Not for a required argument.' },
    ),
    Type.Object(
      { value: Type.Unknown({ description: 'Any JSON.' }) },
      { additionalProperties: false, description: 'Fixed to this value.' },
    ),
    Type.Object({ secret: Id }, { additionalProperties: false, description: 'Fixed to the secret of this id.' }),
    Type.Object(
      { description: Type.String({ maxLength: 2000 }) },
      { additionalProperties: false, description: 'Told to the model in these words.' },
    ),
  ],
  { examples: [{ value: 'en' }] },
)
export type ArgumentEdit = Static<typeof ArgumentEdit>

/** By the tool's argument names. */
export type ArgumentEdits = Readonly<Record<string, ArgumentEdit>>

const Arguments = Type.Record(Type.String(), ArgumentEdit, {
  description: 'Edited arguments, by name; in place of all edits there were.',
})
const Title = Nullable(Type.String({ minLength: 1, maxLength: 200, description: 'Null: as the document says.' }))
const Description = Nullable(Type.String({ minLength: 1, maxLength: 8000, description: 'Null: as the document says.' }))
const Tags = Nullable(
  Type.Array(Type.String({ minLength: 1, maxLength: 200 }), {
    maxItems: 100,
    uniqueItems: true,
    description: 'Null: as the document says.',
  }),
)
export const ResponseFilter = Nullable(
  Type.String({
    minLength: 1,
    maxLength: 2000,
    description: 'A JMESPath expression. Null: the answer as it is.',
    examples: ['books[].{id: id, title: title}'],
  }),
)

export const ProjectionOffer = Type.Enum(['auto', 'always', 'never'], {
  description:
    'Whether agents may pick from its answers by the argument `jmespath`. `auto`: once an answer was more than a result may cost.',
})
export type ProjectionOffer = Static<typeof ProjectionOffer>

export const ToolHints = Type.Object(
  {
    readOnlyHint: Type.Optional(Type.Boolean({ description: 'It changes nothing.' })),
    destructiveHint: Type.Optional(Type.Boolean({ description: 'It may destroy something.' })),
    idempotentHint: Type.Optional(Type.Boolean({ description: 'Twice is as good as once.' })),
    openWorldHint: Type.Optional(Type.Boolean({ description: 'It reaches what others change too.' })),
  },
  {
    additionalProperties: false,
    minProperties: 1,
    description: 'What agents are told in place of what the method says; a note tells where that sounds safer.',
    examples: [{ readOnlyHint: true }],
  },
)
export type ToolHints = Static<typeof ToolHints>

/** Where a tool is read as a resource. */
export const ToolResource = Type.Object({
  uri: Type.String({
    description: 'With expressions (`{name}`, RFC 6570 level 1) a resource template.',
    examples: ['sluice://bookshop/books/{book_id}'],
  }),
})
export type ToolResource = Static<typeof ToolResource>

const SetResource = Nullable(
  Type.Object(
    {
      uri: Type.Optional(
        Type.String({
          minLength: 1,
          maxLength: 1000,
          description: 'Names every required argument as `{name}`. By default of the upstream’s slug and the path.',
          examples: ['sluice://bookshop/books/{book_id}'],
        }),
      ),
    },
    {
      additionalProperties: false,
      description: 'Clients may read it as a resource too, for a GET alone. Null: they may not.',
    },
  ),
)

const StructuredContent = Type.Boolean({
  description:
    'Whether its answers come as values too (`structuredContent`), with an `outputSchema` that every answer fits. Then a result holds half as much, and tables are not shortened.',
})

export const Tool = Type.Object({
  id: Type.String({ examples: ['tool_01k9x3v8r6q2m4n7p0s5t8w1yz'] }),
  upstream: Slug,
  name: Type.String({ examples: ['list_books'] }),
  title: Type.String({ examples: ['List books'] }),
  kind: Type.Enum(['operation', 'manual']),
  operation: Type.String({ description: 'Id of the operation behind it.' }),
  method: Type.String({ examples: ['GET'] }),
  path: Type.String({ examples: ['/books'] }),
  tags: Type.Array(Type.String()),
  tokens: Type.Integer({
    description: 'Model tokens of its entry in the tool list (o200k), before a curator’s edits.',
  }),
  enabled: Type.Boolean(),
  removed: Type.Boolean({ description: 'Its operation is no longer in the document.' }),
  responseFilter: Nullable(Type.String()),
  steps: CallSteps,
  cache: Nullable(ToolCache),
  projection: ProjectionOffer,
  structuredContent: StructuredContent,
  annotations: Nullable(ToolHints),
  resource: Nullable(ToolResource),
  largeAnswers: Type.Boolean({ description: 'An answer of it was more than a result may cost.' }),
  pending: Nullable(
    Type.Object(
      { version: Type.String({ description: 'Id of the version that waits.' }), ...ChangeNote.properties },
      { description: 'A change that somebody must agree to.' },
    ),
  ),
  updatedAt: Timestamp,
})
export type Tool = Static<typeof Tool>

export const ToolDetail = Type.Object({
  ...Tool.properties,
  description: Type.String(),
  arguments: Type.Record(Type.String(), ArgumentEdit, { description: 'The curator’s edits.' }),
  inputSchema: Type.Object(
    {},
    { additionalProperties: true, description: 'What the model is shown, after the edits (JSON Schema 2020-12).' },
  ),
  servers: Type.Array(Slug, { description: 'Slugs of the servers that have it.' }),
  outputSchema: Nullable(
    Type.Object(
      {},
      { additionalProperties: true, description: 'What its filters leave of an answer, as far as the document tells.' },
    ),
  ),
  notes: Type.Array(Type.String(), {
    description: 'What does not fit: filters that select nothing, steps that fail on a sample.',
  }),
})
export type ToolDetail = Static<typeof ToolDetail>

const Edits = {
  title: Type.Optional(Title),
  description: Type.Optional(Description),
  enabled: Type.Optional(Type.Boolean()),
  arguments: Type.Optional(Arguments),
  tags: Type.Optional(Tags),
  responseFilter: Type.Optional(ResponseFilter),
  steps: Type.Optional(CallSteps),
  cache: Type.Optional(Nullable(ToolCache)),
  projection: Type.Optional(ProjectionOffer),
  structuredContent: Type.Optional(StructuredContent),
  annotations: Type.Optional(Nullable(ToolHints)),
  resource: Type.Optional(SetResource),
}

export const UpdateTool = Type.Object(
  { name: Type.Optional(ToolName), ...Edits },
  {
    additionalProperties: false,
    minProperties: 1,
    examples: [{ name: 'find_books', arguments: { language: { value: 'en' } } }],
  },
)
export type UpdateTool = Static<typeof UpdateTool>

/** An operation that no document describes. */
export const ManualOperation = Type.Object(
  {
    upstream: Slug,
    method: Type.Enum(['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS']),
    path: Type.String({
      pattern: '^/[^?#\\s]*$',
      maxLength: 2000,
      description: 'Below the base URL; `{name}` is an argument.',
      examples: ['/orders/{orderId}/notes'],
    }),
    parameters: Type.Optional(
      Type.Array(
        Type.Object(
          {
            name: Type.String({ minLength: 1, maxLength: 200 }),
            in: Type.Enum(['path', 'query', 'header', 'cookie']),
            required: Type.Optional(Type.Boolean()),
            description: Type.Optional(Type.String({ maxLength: 2000 })),
            schema: Type.Optional(Type.Object({}, { additionalProperties: true, description: 'JSON Schema 2020-12.' })),
          },
          { additionalProperties: false },
        ),
        { maxItems: 100, description: 'Those of the path need not be named.' },
      ),
    ),
    body: Type.Optional(
      Type.Object({}, { additionalProperties: true, description: 'JSON Schema 2020-12 of the JSON body.' }),
    ),
    sampleBody: Type.Optional(Type.Unknown({ description: 'A JSON body; its schema is inferred from it.' })),
  },
  { additionalProperties: false },
)
export type ManualOperation = Static<typeof ManualOperation>

/** What a manual tool was made of: its operation, and the texts that stood for a document's. */
export interface ManualSource {
  readonly operation: Omit<ManualOperation, 'upstream'>
  readonly name: string
  readonly description?: string
}

export const CreateTool = Type.Object(
  {
    name: ToolName,
    operation: Type.Optional(
      Type.Object({ id: Id }, { additionalProperties: false, description: 'A further tool on a stored operation.' }),
    ),
    manual: Type.Optional(ManualOperation),
    ...Edits,
  },
  {
    additionalProperties: false,
    description: 'Either `operation` or `manual`.',
    examples: [
      {
        name: 'add_note',
        description: 'Adds a note to an order.',
        manual: { upstream: 'bookshop', method: 'POST', path: '/orders/{orderId}/notes', sampleBody: { text: 'Gift' } },
      },
    ],
  },
)
export type CreateTool = Static<typeof CreateTool>

/** Which tools a list or a change of many is about. */
export const ToolFilter = {
  upstream: Type.Optional(Slug),
  server: Type.Optional(Slug),
  tag: Type.Optional(Type.String({ minLength: 1, maxLength: 200, examples: ['books'] })),
  method: Type.Optional(Type.String({ minLength: 1, maxLength: 20, examples: ['GET'] })),
  enabled: Type.Optional(Type.Boolean()),
  pending: Flag('Only those with a change that somebody must agree to, or only others.'),
  q: Type.Optional(
    Type.String({ minLength: 1, maxLength: 200, description: 'Part of the name, title or path.', examples: ['book'] }),
  ),
}

export const ToolChoice = Type.Object(ToolFilter, { additionalProperties: false, minProperties: 1 })
export type ToolChoice = Static<typeof ToolChoice>

export const UpdateTools = Type.Object(
  {
    enabled: Type.Boolean(),
    tools: Type.Optional(
      Type.Array(Id, {
        minItems: 1,
        maxItems: 1000,
        uniqueItems: true,
        description: 'Ids of the only tools to change; with filters in the query, those of them that fit.',
      }),
    ),
  },
  {
    additionalProperties: false,
    examples: [{ enabled: true }, { enabled: false, tools: ['tool_01k9x3v8r6q2m4n7p0s5t8w1yz'] }],
  },
)
export type UpdateTools = Static<typeof UpdateTools>

export const UpdatedTools = Type.Object({
  matched: Type.Integer({ description: 'How many the filter chose.' }),
  changed: Type.Integer(),
  skipped: Type.Integer({
    description: 'How many cannot be enabled, since their operation is no longer in the document.',
  }),
})
export type UpdatedTools = Static<typeof UpdatedTools>

export const AgreedVersion = Type.Object(
  {
    version: Type.Optional(
      Type.String({
        maxLength: 100,
        description: 'The `pending.version` that was looked at: another is not agreed to.',
      }),
    ),
  },
  { additionalProperties: false },
)

export const AgreedChanges = Type.Object({
  agreed: Type.Integer({ description: 'How many tools serve another version than before.' }),
  notes: Type.Array(Type.String(), {
    description: 'Which of their kept answers do not fit any more.',
    examples: [['list_books: Nothing is left of the sample "a-page".']],
  }),
})
export type AgreedChanges = Static<typeof AgreedChanges>

export const TryTool = Type.Object(
  {
    arguments: Type.Optional(Type.Unknown({ description: 'The arguments, an object.' })),
    answer: Type.Optional(GivenAnswer),
    sample: Type.Optional(
      Type.String({ ...Slug, description: 'Name of an answer that is kept of the tool, in place of one.' }),
    ),
    call: Type.Optional(
      Type.String({
        ...Id,
        description:
          'Id of a recorded call of the tool, whose arguments are sent again where no others are given. Refused where they are kept redacted.',
      }),
    ),
  },
  { additionalProperties: false, examples: [{ arguments: { limit: 3 } }, { answer: { body: { books: [] } } }] },
)
export type TryTool = Static<typeof TryTool>

export const ProposeFilter = Type.Object(
  {
    answer: Type.Unknown({ description: 'JSON that the API answers.' }),
    fields: Type.Optional(
      Type.Array(Type.String({ minLength: 1, maxLength: 500 }), {
        minItems: 1,
        maxItems: 200,
        description: 'What is kept: names joined by dots. By default what says something, and no addresses.',
        examples: [['books.title']],
      }),
    ),
  },
  {
    additionalProperties: false,
    examples: [{ answer: { books: [{ title: 'Dune', cover_url: 'https://x.test/1' }] } }],
  },
)
export type ProposeFilter = Static<typeof ProposeFilter>

export const ProposedFilter = Type.Object({
  filter: Nullable(
    Type.String({ description: 'JMESPath; null where there is nothing to leave out, or nothing would be left.' }),
  ),
  tokens: Type.Object({
    before: Type.Integer({ description: 'Of the answer as it is, minified (o200k).' }),
    after: Type.Integer(),
  }),
  fields: Type.Array(Type.Object({ path: Type.String(), bytes: Type.Integer(), kept: Type.Boolean() }), {
    description: 'The heaviest first.',
  }),
})
export type ProposedFilter = Static<typeof ProposedFilter>

const Stage = Type.Object({
  stage: Type.String(),
  value: Type.Unknown(),
  bytes: Nullable(Type.Integer({ description: 'Of the answer as it stands after the stage.' })),
  tokens: Nullable(Type.Integer({ description: 'What a model would pay for it (o200k).' })),
})

export const TriedTool = Type.Object({
  stages: Type.Array(Stage, {
    description:
      'What each stage of the call made, in order: arguments, request (as the document has it), each request interceptor, sent (with headers of the client and credentials, secrets hidden; twice where an access token was renewed), response (secrets masked), each interceptor with what it logged, redaction, filter, result.',
  }),
  outcome: Type.Unknown({ description: 'What an agent would be shown.' }),
})
export type TriedTool = Static<typeof TriedTool>
