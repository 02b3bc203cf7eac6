import { type Static, Type } from 'typebox'
import { Name, Nullable, Timestamp } from './pages.ts'

export const Role = Type.Enum(['owner', 'editor', 'viewer'])
export type Role = 'owner' | 'editor' | 'viewer'

export const AdminKey = Type.Object({
  id: Type.String({ examples: ['ak_01k9x3v8r6q2m4n7p0s5t8w1yz'] }),
  name: Type.String({ examples: ['Ada'] }),
  role: Role,
  prefix: Type.String({ description: 'The first characters of the key, to tell keys apart.', examples: ['sla_w3pX'] }),
  createdAt: Timestamp,
  revokedAt: Nullable(Timestamp),
})
export type AdminKey = Static<typeof AdminKey>

export const CreateAdminKey = Type.Object(
  { name: Name, role: Role },
  { additionalProperties: false, examples: [{ name: 'Ada', role: 'editor' }] },
)
export type CreateAdminKey = Static<typeof CreateAdminKey>

export const UpdateAdminKey = Type.Object(
  { name: Type.Optional(Name), role: Type.Optional(Role) },
  { additionalProperties: false, minProperties: 1, examples: [{ role: 'viewer' }] },
)
export type UpdateAdminKey = Static<typeof UpdateAdminKey>

export const CreatedAdminKey = Type.Object({
  ...AdminKey.properties,
  key: Type.String({
    description: 'The key itself. It is shown this once and stored only as a hash.',
    examples: ['sla_…'],
  }),
})
export type CreatedAdminKey = Static<typeof CreatedAdminKey>

/** What somebody may be to the admin API: `installation` manages workspaces and is in none. */
export type AdminRole = Role | 'installation'

/** A person or program, once its AdminKey or the installation key is proven. */
export interface Admin {
  readonly id: string
  readonly workspaceId: string
  readonly name: string
  readonly role: AdminRole
}
