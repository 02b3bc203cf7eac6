import { type Static, Type } from 'typebox'
import { Nullable, Timestamp } from './pages.ts'

export const AuditEvent = Type.Object({
  id: Type.String({ examples: ['aud_01k9x3v8r6q2m4n7p0s5t8w1yz'] }),
  at: Timestamp,
  actor: Type.String({
    description: 'An admin key’s id, `installation` for the installation key, or `system`.',
    examples: ['ak_01k9x3v8r6q2m4n7p0s5t8w1yz'],
  }),
  actorName: Type.String({ description: 'That key’s name.', examples: ['Ada'] }),
  action: Type.String({ examples: ['tool.update'] }),
  target: Type.String({ description: 'The id of what was changed.', examples: ['tool_01k9x3v8r6q2m4n7p0s5t8w1yz'] }),
  before: Type.Unknown({ description: 'What was changed, as it was; never a secret.', examples: [{ enabled: false }] }),
  after: Type.Unknown({ description: 'What was changed, as it is; never a secret.', examples: [{ enabled: true }] }),
})
export type AuditEvent = Static<typeof AuditEvent>

/** The number of the last event and its SHA-256. */
const ChainEnd = Type.String({
  pattern: '^[1-9][0-9]{0,14}:[0-9a-f]{64}$',
  description:
    'The last event’s place and hash. Kept elsewhere, it tells later whether the whole chain was written anew.',
  examples: ['41:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08'],
})

export const VerificationQuery = Type.Object(
  { kept: Type.Optional({ ...ChainEnd, description: 'An `end` that was kept: the chain must still lead over it.' }) },
  { additionalProperties: false },
)

export const AuditFault = Type.Object({
  kind: Type.Enum(['edited', 'deleted', 'reordered', 'cut-off', 'added'], {
    description: 'What became of it; where several things would look the same, the likeliest.',
  }),
  sequence: Nullable(
    Type.Integer({ description: 'The first place that is not as it was written; null for what has no place.' }),
  ),
  event: Nullable(Type.String({ description: 'The id of what stands there.' })),
  detail: Type.String({ description: 'The same in words.' }),
})
export type AuditFault = Static<typeof AuditFault>

/** What came of following the chain of a workspace's audit events from the first to the last. */
export const AuditVerification = Type.Object(
  {
    intact: Type.Boolean(),
    events: Type.Integer({ description: 'How many were written into the chain.' }),
    earlier: Type.Integer({ description: 'How many were there before the chain began: nothing vouches for these.' }),
    end: Nullable(ChainEnd),
    fault: Nullable(AuditFault),
  },
  {
    examples: [
      {
        intact: false,
        events: 41,
        earlier: 0,
        end: null,
        fault: {
          kind: 'edited',
          sequence: 7,
          event: 'aud_01k9x3v8r6q2m4n7p0s5t8w1yz',
          detail: 'Event 7 is not what was written there: it was edited, or another was put in its place.',
        },
      },
    ],
  },
)
export type AuditVerification = Static<typeof AuditVerification>
