import { type Static, Type } from 'typebox'
import { Slug } from './pages.ts'

export const Server = Type.Object({
  id: Type.String(),
  slug: Slug,
  name: Type.String(),
  mode: Type.Enum(['direct', 'search', 'code']),
  revision: Type.Integer(),
  url: Type.String({ description: 'Where an MCP client connects.' }),
  tools: Type.Object({ enabled: Type.Integer(), total: Type.Integer() }),
})
export type Server = Static<typeof Server>

export const ServerCall = Type.Object(
  {
    tool: Type.String({ minLength: 1 }),
    arguments: Type.Optional(Type.Unknown({ description: 'The arguments, an object.' })),
  },
  { additionalProperties: false },
)
export type ServerCall = Static<typeof ServerCall>
