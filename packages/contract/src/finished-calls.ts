import { type Static, Type } from 'typebox'
import { Nullable, Timestamp } from './pages.ts'
import { CACHE_USES } from './tool-cache.ts'

/** A call that ended, as far as the gateway remembers it. */
export const FinishedCall = Type.Object({
  id: Type.String(),
  at: Timestamp,
  server: Type.String({ examples: ['bookshop'] }),
  tool: Type.String({ examples: ['list_books'] }),
  caller: Type.String({ description: 'Name of the access key or admin key.', examples: ['Ada’s laptop'] }),
  client: Type.String({ description: 'Name of the MCP client.', examples: ['claude-code'] }),
  outcome: Type.String({ description: '`ok`, or why it failed.', examples: ['ok'] }),
  status: Nullable(Type.Integer({ description: 'What the API answered.' })),
  cache: Nullable(
    Type.Enum([...CACHE_USES], {
      description:
        'What the tool’s cache did: `revalidated` is served again after the API said that it is still right.',
    }),
  ),
  ms: Type.Number(),
  bytes: Type.Integer(),
})
export type FinishedCall = Static<typeof FinishedCall>
