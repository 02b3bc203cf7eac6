import { type Static, Type } from 'typebox'
import { Nullable, Timestamp } from './pages.ts'
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
  { description: 'Model tokens (o200k); null where there was no answer of text.' },
)
export type CallTokens = Static<typeof CallTokens>

/** A call that ended, as far as the gateway remembers it. */
export const FinishedCall = Type.Object({
  id: Type.String(),
  at: Timestamp,
  server: Type.String({ examples: ['bookshop'] }),
  tool: Type.String({ examples: ['list_books'] }),
  caller: Type.String({
    description: 'Name of the access key or admin key, or the subject of an access token and its issuer’s name.',
    examples: ['Ada’s laptop'],
  }),
  client: Type.String({ description: 'Name of the MCP client.', examples: ['claude-code'] }),
  outcome: Type.String({ description: '`ok`, or why it failed.', examples: ['ok'] }),
  status: Nullable(Type.Integer({ description: 'What the API answered.' })),
  cache: Nullable(
    Type.Enum([...CACHE_USES], {
      description:
        'What the tool’s cache did: `revalidated` is served again after the API said that it is still right.',
    }),
  ),
  tokens: Nullable(CallTokens),
  ms: Type.Number(),
  bytes: Type.Integer(),
})
export type FinishedCall = Static<typeof FinishedCall>
