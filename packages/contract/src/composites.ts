import { type Static, Type } from 'typebox'
import { Nullable, Timestamp } from './pages.ts'
import { ToolName } from './tools.ts'

const Title = Type.String({ minLength: 1, maxLength: 200 })
const Description = Type.String({ minLength: 1, maxLength: 4000, description: 'What the model reads of it.' })
const Code = Type.String({
  minLength: 1,
  maxLength: 65_536,
  description:
    'JavaScript or TypeScript, the body of an async function of `args`, `api` and `call`: `await api.get_order({ order_id: args.id })` gives `{data, status, headers}`.',
})
const InputSchema = Type.Object(
  { type: Type.Literal('object') },
  { additionalProperties: true, description: 'JSON Schema of its arguments, an object.' },
)

/** What one of its calls is answered in a test, by nobody but the test. */
const TestCall = Type.Object(
  {
    tool: Type.String({ minLength: 1 }),
    arguments: Type.Optional(Type.Unknown({ description: 'Where given, the call must have just these.' })),
    answer: Type.Optional(Type.Unknown({ description: 'What the tool answers.' })),
    fails: Type.Optional(
      Type.Integer({ minimum: 400, maximum: 599, description: 'The status it fails with instead.', examples: [404] }),
    ),
  },
  { additionalProperties: false },
)

export const CompositeTest = Type.Object(
  {
    name: Type.String({ minLength: 1, maxLength: 200 }),
    arguments: Type.Record(Type.String(), Type.Unknown()),
    calls: Type.Array(TestCall, { maxItems: 50 }),
    result: Type.Unknown({ description: 'What it must answer.' }),
  },
  { additionalProperties: false },
)
export type CompositeTest = Static<typeof CompositeTest>

const FIELDS = {
  title: Nullable(Title),
  description: Description,
  inputSchema: InputSchema,
  code: Code,
  readOnly: Type.Boolean({ description: 'Its code may call only tools that change nothing.' }),
  tags: Type.Array(Type.String({ minLength: 1, maxLength: 100 }), { maxItems: 20 }),
  pinned: Type.Boolean({ description: 'It stays listed where tools are found by searching.' }),
  enabled: Type.Boolean(),
  tests: Type.Array(CompositeTest, { maxItems: 50 }),
}

/** A tool made of several calls: a piece of code with arguments and tests of its own, on one server. */
export const Composite = Type.Object({
  id: Type.String({ examples: ['cmp_01k9x3v8r6q2m4n7p0s5t8w1yz'] }),
  name: ToolName,
  ...FIELDS,
  updatedAt: Timestamp,
})
export type Composite = Static<typeof Composite>

export const SetComposite = Type.Object(
  {
    title: Type.Optional(FIELDS.title),
    description: FIELDS.description,
    inputSchema: Type.Optional(FIELDS.inputSchema),
    code: FIELDS.code,
    readOnly: Type.Optional(FIELDS.readOnly),
    tags: Type.Optional(FIELDS.tags),
    pinned: Type.Optional(FIELDS.pinned),
    enabled: Type.Optional(FIELDS.enabled),
    tests: Type.Optional(FIELDS.tests),
  },
  {
    additionalProperties: false,
    description: 'Its tests are run first: where one fails, nothing is stored.',
    examples: [
      {
        description: 'Titles of all books by an author.',
        inputSchema: { type: 'object', properties: { author: { type: 'string' } }, required: ['author'] },
        code: 'const { data } = await api.list_books({ author: args.author })\nreturn data.map(({ title }) => title)',
        readOnly: true,
        tests: [
          {
            name: 'titles only',
            arguments: { author: 'Ada' },
            calls: [{ tool: 'list_books', answer: [{ id: 1, title: 'Notes' }] }],
            result: ['Notes'],
          },
        ],
      },
    ],
  },
)
export type SetComposite = Static<typeof SetComposite>

export const CompositeTestResult = Type.Object({
  name: Type.String(),
  passed: Type.Boolean(),
  why: Nullable(Type.String({ description: 'What was otherwise.' })),
})
export type CompositeTestResult = Static<typeof CompositeTestResult>

export const CompositeTestReport = Type.Object({
  passed: Type.Integer(),
  failed: Type.Integer(),
  tests: Type.Array(CompositeTestResult),
})
export type CompositeTestReport = Static<typeof CompositeTestReport>
