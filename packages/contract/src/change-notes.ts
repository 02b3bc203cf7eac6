import { type Static, Type } from 'typebox'

/** How much a change asks of a person, the least first. */
export const RISKS = ['safe', 'review', 'breaking'] as const

/** What a document's new revision means for the agents that call a tool. */
export const ChangeNote = Type.Object(
  {
    risk: Type.Enum([...RISKS], {
      description:
        '`safe`: every call that was right still is, and means the same. `review`: a person should look. `breaking`: calls that were right may be refused.',
    }),
    what: Type.Array(
      Type.Enum(['arguments', 'schema', 'text', 'tags', 'hints', 'security', 'request', 'answer', 'edits', 'moved']),
      {
        description: 'What is other than before.',
      },
    ),
    details: Type.Array(Type.String(), { description: 'In words, at most ten.' }),
  },
  { examples: [{ risk: 'breaking', what: ['arguments'], details: ['The argument "limit" is gone'] }] },
)
export type ChangeNote = Static<typeof ChangeNote>

/** Which changes of enabled tools wait until a person agrees: none, those that are not safe, or all. */
export const HoldPolicy = Type.Enum(['none', 'review', 'all'], {
  description:
    'Which changes of enabled tools an import holds at their old version until somebody agrees: none, those that are not safe, or all.',
})
export type HoldPolicy = Static<typeof HoldPolicy>
