import { type Static, Type } from 'typebox'
import { Timestamp } from './pages.ts'

export const Role = Type.Enum(['owner', 'editor', 'viewer'])
export type Role = 'owner' | 'editor' | 'viewer'

export const AdminKey = Type.Object({
  id: Type.String(),
  name: Type.String(),
  role: Role,
  prefix: Type.String({ description: 'The first characters of the key, to tell keys apart.' }),
  createdAt: Timestamp,
})
export type AdminKey = Static<typeof AdminKey>

/** A person or program, once its AdminKey is proven. */
export interface Admin {
  readonly id: string
  readonly workspaceId: string
  readonly name: string
  readonly role: Role
}
