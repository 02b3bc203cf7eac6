import { type Static, Type } from 'typebox'
import { CallLimits } from './call-limits.ts'
import { Name, Nullable, Slug, Timestamp } from './pages.ts'
import { ReadOnly, ToolIds, ToolTags } from './tool-rights.ts'

const Servers = Type.Array(Slug, {
  minItems: 1,
  maxItems: 100,
  uniqueItems: true,
  description: 'Slugs of the servers that the key opens.',
})

const Tools = Nullable(ToolIds)

const Tags = Nullable(ToolTags)

export const CreateAccessKey = Type.Object(
  {
    name: Name,
    servers: Servers,
    tools: Type.Optional(Tools),
    tags: Type.Optional(Tags),
    readOnly: Type.Optional(ReadOnly),
    limits: Type.Optional(Nullable(CallLimits)),
    expiresAt: Type.Optional(Timestamp),
  },
  {
    additionalProperties: false,
    examples: [{ name: 'Ada’s laptop', servers: ['bookshop'], readOnly: true }],
  },
)
export type CreateAccessKey = Static<typeof CreateAccessKey>

export const UpdateAccessKey = Type.Object(
  {
    name: Type.Optional(Name),
    servers: Type.Optional(Servers),
    tools: Type.Optional(Tools),
    tags: Type.Optional(Tags),
    readOnly: Type.Optional(ReadOnly),
    limits: Type.Optional(Nullable(CallLimits)),
    expiresAt: Type.Optional(Nullable(Timestamp)),
  },
  { additionalProperties: false, minProperties: 1, examples: [{ readOnly: true }] },
)
export type UpdateAccessKey = Static<typeof UpdateAccessKey>

export const AccessKey = Type.Object({
  id: Type.String({ examples: ['key_01k9x3v8r6q2m4n7p0s5t8w1yz'] }),
  name: Type.String({ examples: ['Ada’s laptop'] }),
  prefix: Type.String({ description: 'The first characters of the key, to tell keys apart.', examples: ['slk_x8Qf'] }),
  servers: Type.Array(Slug),
  tools: Nullable(Type.Array(Type.String())),
  tags: Nullable(Type.Array(Type.String())),
  readOnly: Type.Boolean(),
  limits: Nullable(CallLimits),
  createdAt: Timestamp,
  expiresAt: Nullable(Timestamp),
  revokedAt: Nullable(Timestamp),
  lastUsedAt: Nullable(Timestamp),
})
export type AccessKey = Static<typeof AccessKey>

export const CreatedAccessKey = Type.Object({
  ...AccessKey.properties,
  key: Type.String({
    description: 'The key itself. It is shown this once and stored only as a hash.',
    examples: ['slk_…'],
  }),
})
export type CreatedAccessKey = Static<typeof CreatedAccessKey>
