import { type Static, Type } from 'typebox'
import { Timestamp } from './pages.ts'

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
