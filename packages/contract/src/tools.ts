import { type Static, Type } from 'typebox'

export const Tool = Type.Object({
  id: Type.String(),
  name: Type.String(),
  title: Type.String(),
  method: Type.String(),
  path: Type.String(),
  tags: Type.Array(Type.String()),
  tokens: Type.Integer({ description: 'Model tokens of its entry in the tool list (o200k).' }),
  enabled: Type.Boolean(),
  responseFilter: Type.Union([Type.String(), Type.Null()]),
})
export type Tool = Static<typeof Tool>

export const UpdateTool = Type.Object(
  {
    enabled: Type.Optional(Type.Boolean()),
    responseFilter: Type.Optional(
      Type.Union([Type.String({ minLength: 1, maxLength: 2000, description: 'A JMESPath expression.' }), Type.Null()]),
    ),
  },
  { additionalProperties: false, minProperties: 1 },
)
export type UpdateTool = Static<typeof UpdateTool>
