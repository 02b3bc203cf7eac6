import { type Static, Type } from 'typebox'
import { CallLimits } from './call-limits.ts'
import { Id, Name, Nullable, Slug, Timestamp } from './pages.ts'
import { Tool, ToolName } from './tools.ts'

const CodeCalls = Type.Enum(['none', 'read-only', 'all'], {
  description: 'What code may call in mode `code`: nothing, tools that change nothing, or all.',
})

const RecordContent = Type.Boolean({
  description: 'Whether arguments and answers of its calls are recorded, masked and redacted.',
})

export const Server = Type.Object({
  id: Type.String({ examples: ['srv_01k9x3v8r6q2m4n7p0s5t8w1yz'] }),
  slug: Slug,
  name: Type.String({ examples: ['Bookshop'] }),
  mode: Type.Enum(['auto', 'direct', 'search', 'code'], {
    description: '`auto`: tools are listed while they are few, else found by searching.',
  }),
  codeCalls: CodeCalls,
  recordContent: RecordContent,
  offers: Type.Object(
    {
      mode: Type.Enum(['direct', 'search', 'code']),
      why: Type.String({ examples: ['3 tools, about 420 tokens when listed: few enough to be listed.'] }),
    },
    { description: 'How tools are offered to who may use all of them.' },
  ),
  instructions: Type.String({ description: 'Told to the model by clients that pass them on.' }),
  limits: Nullable(CallLimits),
  revision: Type.Integer({ description: 'Counts its changes.' }),
  url: Type.String({
    description: 'Where an MCP client connects.',
    examples: ['https://sluice.example.com/mcp/bookshop'],
  }),
  tools: Type.Object({
    enabled: Type.Integer(),
    total: Type.Integer(),
    tokens: Type.Integer({ description: 'About what a list of the enabled ones costs a model.' }),
  }),
  createdAt: Timestamp,
})
export type Server = Static<typeof Server>

const Instructions = Type.String({ maxLength: 8000 })
const Mode = Type.Enum(['auto', 'direct', 'search', 'code'], {
  description:
    '`direct`: each tool is listed. `search`: tools are found by searching. `code`: found, and called by code. `auto`: listed while they are few, else found by searching.',
})

export const CreateServer = Type.Object(
  {
    name: Name,
    slug: Type.Optional(Slug),
    instructions: Type.Optional(Instructions),
    limits: Type.Optional(Nullable(CallLimits)),
    mode: Type.Optional(Mode),
    codeCalls: Type.Optional(CodeCalls),
    recordContent: Type.Optional(RecordContent),
  },
  { additionalProperties: false, examples: [{ name: 'Bookshop for support', slug: 'support' }] },
)
export type CreateServer = Static<typeof CreateServer>

export const UpdateServer = Type.Object(
  {
    name: Type.Optional(Name),
    slug: Type.Optional(Slug),
    instructions: Type.Optional(Instructions),
    limits: Type.Optional(Nullable(CallLimits)),
    mode: Type.Optional(Mode),
    codeCalls: Type.Optional(CodeCalls),
    recordContent: Type.Optional(RecordContent),
  },
  {
    additionalProperties: false,
    minProperties: 1,
    examples: [{ instructions: 'Ask for the order number first.' }],
  },
)
export type UpdateServer = Static<typeof UpdateServer>

const Alias = Nullable(ToolName)
const Unlisted = Type.Boolean({ description: 'It can be called, but no list shows it.' })
const Pinned = Type.Boolean({ description: 'It stays listed where tools are found by searching.' })

/** A tool on a server: `name` is the one it has there. */
export const ServerTool = Type.Object({ ...Tool.properties, alias: Alias, unlisted: Unlisted, pinned: Pinned })
export type ServerTool = Static<typeof ServerTool>

export const AddServerTools = Type.Object(
  {
    tools: Type.Array(
      Type.Object(
        {
          id: Id,
          alias: Type.Optional(Alias),
          unlisted: Type.Optional(Unlisted),
          pinned: Type.Optional(Pinned),
        },
        { additionalProperties: false },
      ),
      { minItems: 1, maxItems: 1000 },
    ),
  },
  {
    additionalProperties: false,
    examples: [{ tools: [{ id: 'tool_01k9x3v8r6q2m4n7p0s5t8w1yz', alias: 'find_book' }] }],
  },
)
export type AddServerTools = Static<typeof AddServerTools>

export const UpdateServerTool = Type.Object(
  { alias: Type.Optional(Alias), unlisted: Type.Optional(Unlisted), pinned: Type.Optional(Pinned) },
  { additionalProperties: false, minProperties: 1, examples: [{ alias: 'find_book' }] },
)
export type UpdateServerTool = Static<typeof UpdateServerTool>

export const ServerCall = Type.Object(
  {
    tool: Type.String({ minLength: 1 }),
    arguments: Type.Optional(Type.Unknown({ description: 'The arguments, an object.' })),
  },
  { additionalProperties: false, examples: [{ tool: 'list_books', arguments: { limit: 3 } }] },
)
export type ServerCall = Static<typeof ServerCall>

/** What a call came to: content, or why there is none. */
export const ServerCallOutcome = Type.Object(
  {
    ok: Type.Boolean(),
    status: Type.Optional(Type.Integer({ description: 'What the API answered.' })),
    content: Type.Optional(Type.Array(Type.Object({ type: Type.String() }, { additionalProperties: true }))),
    kind: Type.Optional(Type.String({ description: 'Why it failed.' })),
    message: Type.Optional(Type.String({ description: 'What the model is told to do next.' })),
  },
  { examples: [{ ok: true, status: 200, content: [{ type: 'text', text: '{"id":1}' }] }] },
)
