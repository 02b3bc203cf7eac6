import { type Static, Type } from 'typebox'
import { CreatedAdminKey } from './admin-keys.ts'
import { Name, Timestamp } from './pages.ts'

export const Workspace = Type.Object({
  id: Type.String({ examples: ['ws_01k9x3v8r6q2m4n7p0s5t8w1yz'] }),
  name: Type.String({ examples: ['Team blue'] }),
  createdAt: Timestamp,
})
export type Workspace = Static<typeof Workspace>

export const CreateWorkspace = Type.Object(
  { name: Name },
  { additionalProperties: false, examples: [{ name: 'Team blue' }] },
)
export type CreateWorkspace = Static<typeof CreateWorkspace>

export const CreatedWorkspace = Type.Object({ ...Workspace.properties, adminKey: CreatedAdminKey })
export type CreatedWorkspace = Static<typeof CreatedWorkspace>

export const UpdateWorkspace = Type.Object(
  { name: Name },
  { additionalProperties: false, examples: [{ name: 'Team green' }] },
)
export type UpdateWorkspace = Static<typeof UpdateWorkspace>
