import { type Static, Type } from 'typebox'
import { Nullable, Slug, Timestamp } from './pages.ts'

/** An operation as it is stored: what the document says of it lies in its versions. */
export const OperationRecord = Type.Object({
  id: Type.String({ examples: ['op_01k9x3v8r6q2m4n7p0s5t8w1yz'] }),
  upstream: Slug,
  method: Type.String({ examples: ['GET'] }),
  path: Type.String({ examples: ['/books/{bookId}'] }),
  origin: Type.Enum(['spec', 'manual']),
  removedAt: Nullable(Timestamp),
  tools: Type.Array(Type.Object({ id: Type.String(), name: Type.String(), enabled: Type.Boolean() })),
})
export type OperationRecord = Static<typeof OperationRecord>

export const OperationVersion = Type.Object({
  id: Type.String({ examples: ['ver_01k9x3v8r6q2m4n7p0s5t8w1yz'] }),
  title: Type.String(),
  tags: Type.Array(Type.String()),
  tokens: Type.Integer({ description: 'Model tokens of its entry in the tool list (o200k).' }),
  contentHash: Type.String({ description: 'SHA-256 of what the document says of it, hex.' }),
  specRevision: Nullable(Type.String({ description: 'The revision that brought it; null for a manual operation.' })),
  tools: Type.Array(Type.String(), { description: 'Ids of the tools that serve this version.' }),
})
export type OperationVersion = Static<typeof OperationVersion>

export const OperationVersionDetail = Type.Object({
  ...OperationVersion.properties,
  definition: Type.Object(
    {},
    {
      additionalProperties: true,
      description: 'The operation as read: arguments, where they go, schemas, texts, security, answers.',
    },
  ),
})
export type OperationVersionDetail = Static<typeof OperationVersionDetail>
