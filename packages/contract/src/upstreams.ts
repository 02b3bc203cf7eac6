import { type Static, Type } from 'typebox'
import { Allowance } from './allowances.ts'
import { CallSteps } from './call-steps.ts'
import { HoldPolicy } from './change-notes.ts'
import { Name, Nullable, Slug, Timestamp } from './pages.ts'
import { ResponseFilter } from './tools.ts'

const BaseUrl = Type.String({
  minLength: 1,
  maxLength: 2000,
  description: 'Where the API lies: http or https, without query and user name.',
  examples: ['https://api.example.com/v1'],
})

/** How its API is called, beside the steps. */
export const UpstreamPolicy = Type.Object(
  {
    followRedirects: Type.Optional(
      Type.Boolean({ description: 'Redirects to the same origin are followed, three at most; never elsewhere.' }),
    ),
    forwardHeaders: Type.Optional(
      Type.Array(Type.String({ pattern: "^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}$" }), {
        maxItems: 20,
        uniqueItems: true,
        description: 'Headers of the MCP client’s request that are passed on. None that says who it is can be one.',
        examples: [['X-Request-Id']],
      }),
    ),
  },
  { additionalProperties: false, description: 'In place of all there was.', examples: [{ followRedirects: true }] },
)
export type UpstreamPolicy = Static<typeof UpstreamPolicy>

export const Upstream = Type.Object({
  id: Type.String({ examples: ['up_01k9x3v8r6q2m4n7p0s5t8w1yz'] }),
  slug: Slug,
  name: Type.String({ examples: ['Bookshop'] }),
  baseUrl: BaseUrl,
  allow: Type.Array(Allowance, { description: 'Its egress allowances.' }),
  securitySchemes: Type.Record(Type.String(), Type.Object({ type: Type.String() }, { additionalProperties: true }), {
    description: 'As its document declares them, by name.',
  }),
  tools: Type.Object({
    enabled: Type.Integer(),
    total: Type.Integer(),
    pending: Type.Integer({ description: 'How many have a change that somebody must agree to.' }),
  }),
  holdChanges: HoldPolicy,
  overlay: Nullable(Type.String({ description: 'The Overlay document that each import applies.' })),
  responseFilter: Nullable(Type.String({ description: 'For the answers of all its tools, before their own.' })),
  steps: CallSteps,
  policy: UpstreamPolicy,
  refreshMinutes: Nullable(
    Type.Integer({ description: 'How often its document is fetched again and imported. Null: never by itself.' }),
  ),
  refresh: Type.Object({
    url: Nullable(
      Type.String({
        description: 'Where the document is fetched again. Null where it was sent, or where its URL may hold a token.',
      }),
    ),
    dueAt: Nullable(Timestamp),
    lastAt: Nullable(Timestamp),
    lastOutcome: Nullable(Type.String({ examples: ['unchanged'] })),
  }),
  createdAt: Timestamp,
  updatedAt: Timestamp,
  notes: Type.Optional(
    Type.Array(Type.String(), {
      description:
        'After a change: which kept answers of its tools its filter or steps do not fit, why calls to its base URL will be refused, and which allowances open nothing.',
      examples: [['list_books: Nothing is left of the sample "a-page".']],
    }),
  ),
})
export type Upstream = Static<typeof Upstream>

export const CreateUpstream = Type.Object(
  { name: Name, slug: Type.Optional(Slug), baseUrl: BaseUrl },
  { additionalProperties: false, examples: [{ name: 'Bookshop', baseUrl: 'https://api.example.com/v1' }] },
)
export type CreateUpstream = Static<typeof CreateUpstream>

export const UpdateUpstream = Type.Object(
  {
    name: Type.Optional(Name),
    slug: Type.Optional(Slug),
    baseUrl: Type.Optional(BaseUrl),
    holdChanges: Type.Optional(HoldPolicy),
    responseFilter: Type.Optional(ResponseFilter),
    steps: Type.Optional(CallSteps),
    policy: Type.Optional(UpstreamPolicy),
    refreshMinutes: Type.Optional(
      Nullable(
        Type.Integer({
          minimum: 5,
          maximum: 44_640,
          description: 'How often its document is fetched again and imported. Null: never by itself.',
        }),
      ),
    ),
  },
  { additionalProperties: false, minProperties: 1, examples: [{ baseUrl: 'https://api.example.com/v2' }] },
)
export type UpdateUpstream = Static<typeof UpdateUpstream>

export const EgressAllowances = Type.Object(
  { allow: Type.Array(Allowance, { maxItems: 100, uniqueItems: true }) },
  { additionalProperties: false, examples: [{ allow: ['10.1.0.0/16', 'localhost:3000'] }] },
)
export type EgressAllowances = Static<typeof EgressAllowances>

export const UpstreamTest = Type.Object({
  ok: Type.Boolean({ description: 'A connection was made, with TLS where its URL says https.' }),
  message: Type.String({ description: 'What that means and what to do.' }),
})
export type UpstreamTest = Static<typeof UpstreamTest>

export const RefreshedUpstream = Type.Object({
  outcome: Type.String({
    description: 'What came of it, in words; it begins with `failed: ` where it failed.',
    examples: ['1 added, 2 changed, 2 held for review'],
  }),
})
