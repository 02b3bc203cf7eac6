import { type Static, Type } from 'typebox'
import { CreatedAdminKey } from './admin-keys.ts'
import { Name, Timestamp } from './pages.ts'

export const Workspace = Type.Object({
  id: Type.String({ examples: ['ws_default'] }),
  name: Type.String({ examples: ['Default'] }),
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
