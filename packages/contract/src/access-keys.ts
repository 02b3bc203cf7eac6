import { type Static, Type } from 'typebox'
import { Slug, Timestamp } from './pages.ts'

export const CreateAccessKey = Type.Object(
  {
    name: Type.String({ minLength: 1, maxLength: 100, pattern: '^[^\\u0000-\\u001F\\u007F]*$' }),
    servers: Type.Array(Slug, {
      minItems: 1,
      uniqueItems: true,
      description: 'Slugs of the servers that the key opens.',
    }),
    expiresAt: Type.Optional(Timestamp),
  },
  { additionalProperties: false },
)
export type CreateAccessKey = Static<typeof CreateAccessKey>

export const AccessKey = Type.Object({
  id: Type.String(),
  name: Type.String(),
  prefix: Type.String({ description: 'The first characters of the key, to tell keys apart.' }),
  servers: Type.Array(Slug),
  createdAt: Timestamp,
  expiresAt: Type.Union([Timestamp, Type.Null()]),
  revokedAt: Type.Union([Timestamp, Type.Null()]),
})
export type AccessKey = Static<typeof AccessKey>

export const CreatedAccessKey = Type.Object({
  ...AccessKey.properties,
  key: Type.String({ description: 'The key itself. It is shown this once and stored only as a hash.' }),
})
export type CreatedAccessKey = Static<typeof CreatedAccessKey>
