import { type Static, Type } from 'typebox'
import { Origins } from './credentials.ts'
import { Name, Timestamp } from './pages.ts'

export const Secret = Type.Object({
  id: Type.String({ examples: ['sec_01k9x3v8r6q2m4n7p0s5t8w1yz'] }),
  name: Type.String({ examples: ['tenant id'] }),
  origins: Origins,
  tools: Type.Integer({ description: 'How many tools have an argument fixed to it.' }),
  credentials: Type.Integer({ description: 'How many credentials have it in their custom headers.' }),
  createdAt: Timestamp,
  updatedAt: Timestamp,
})
export type Secret = Static<typeof Secret>

const Value = Type.String({ minLength: 1, maxLength: 16_384, description: 'Sealed at rest and never returned.' })

export const CreateSecret = Type.Object(
  { name: Name, value: Value, origins: Origins },
  {
    additionalProperties: false,
    examples: [{ name: 'tenant id', value: 'the-secret-itself', origins: ['https://api.example.com'] }],
  },
)
export type CreateSecret = Static<typeof CreateSecret>

export const UpdateSecret = Type.Object(
  { name: Type.Optional(Name), value: Type.Optional(Value) },
  { additionalProperties: false, minProperties: 1, examples: [{ value: 'the-new-secret' }] },
)
export type UpdateSecret = Static<typeof UpdateSecret>
