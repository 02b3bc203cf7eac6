import { type Static, Type } from 'typebox'

export const RotatedKeys = Type.Object({
  keyId: Type.String({ description: 'Of the key that seals now; it says nothing of the key.', examples: ['0f3a9c1e'] }),
  resealed: Type.Integer({ description: 'How many secrets were sealed anew.' }),
})
export type RotatedKeys = Static<typeof RotatedKeys>
