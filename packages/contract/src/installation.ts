import { type Static, Type } from 'typebox'

export const RotatedKeys = Type.Object({
  keyId: Type.String({ description: 'Of the key that seals now; it says nothing of the key.', examples: ['0f3a9c1e'] }),
  resealed: Type.Integer({ description: 'How many secrets were sealed anew.' }),
})
export type RotatedKeys = Static<typeof RotatedKeys>

/** What a gateway says of itself, for who looks after it. Nothing of it is secret. */
export const Installation = Type.Object({
  version: Type.String({ examples: ['0.1.0'] }),
  node: Type.String({ examples: ['v24.11.0'] }),
  time: Type.String({
    format: 'date-time',
    description: 'By the clock of the gateway.',
    examples: ['2026-03-14T12:00:00.000Z'],
  }),
  database: Type.Object({
    kind: Type.Enum(['embedded', 'postgres']),
    version: Type.String({ description: 'Of PostgreSQL.', examples: ['17.5'] }),
    time: Type.String({
      format: 'date-time',
      description: 'By the clock of the database, asked at the same moment.',
      examples: ['2026-03-14T12:00:00.000Z'],
    }),
  }),
  host: Type.String({ description: 'The address that it listens on.', examples: ['127.0.0.1'] }),
  publicUrl: Type.String({ description: 'The URL that it prints.', examples: ['https://sluice.example.com'] }),
  workers: Type.Integer(),
  egressAllow: Type.Array(Type.String(), {
    description: 'Private hosts and ranges that the operator lets APIs lie in.',
  }),
})
export type Installation = Static<typeof Installation>
