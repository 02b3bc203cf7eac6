import { type Static, Type } from 'typebox'
import { Nullable, Timestamp } from './pages.ts'
import { OfferName } from './resources.ts'

const Title = Type.String({ minLength: 1, maxLength: 200 })
const Description = Type.String({ minLength: 1, maxLength: 2000 })

export const PromptArgument = Type.Object(
  {
    name: Type.String({
      minLength: 1,
      maxLength: 64,
      pattern: '^[A-Za-z_][A-Za-z0-9_-]{0,63}$',
      description: 'A letter or underscore, then letters, digits, underscores and hyphens; at most 64.',
      examples: ['order'],
    }),
    title: Type.Optional(Title),
    description: Type.Optional(Description),
    required: Type.Optional(Type.Boolean()),
    values: Type.Optional(
      Type.Array(Type.String({ minLength: 1, maxLength: 200 }), {
        minItems: 1,
        maxItems: 1000,
        description: 'What clients propose for it; any other text is taken too.',
      }),
    ),
  },
  { additionalProperties: false },
)
export type PromptArgument = Static<typeof PromptArgument>

const Role = Type.Enum(['user', 'assistant'])
const Base64 = Type.String({ minLength: 1, description: 'base64' })
const MimeType = Type.String({ minLength: 1, maxLength: 200 })

/** One message. `{{name}}` in its texts is what is given for an argument. */
export const PromptMessage = Type.Union([
  Type.Object({ role: Role, text: Type.String({ minLength: 1 }) }, { additionalProperties: false }),
  Type.Object(
    {
      role: Role,
      image: Type.Object({ data: Base64, mimeType: MimeType }, { additionalProperties: false }),
    },
    { additionalProperties: false },
  ),
  Type.Object(
    {
      role: Role,
      resource: Type.Object(
        { uri: Type.String({ minLength: 1, maxLength: 1000 }), mimeType: MimeType, text: Type.String() },
        { additionalProperties: false },
      ),
    },
    { additionalProperties: false },
  ),
])
export type PromptMessage = Static<typeof PromptMessage>

const CONTENT = {
  title: Type.Optional(Nullable(Title)),
  description: Type.Optional(Nullable(Description)),
  arguments: Type.Optional(Type.Array(PromptArgument, { maxItems: 50 })),
  messages: Type.Array(PromptMessage, { minItems: 1, maxItems: 100 }),
}

export const SetPrompt = Type.Object(CONTENT, {
  additionalProperties: false,
  description: '`{{name}}` in a text is what is given for the argument of that name. At most 1 MB.',
  examples: [
    {
      description: 'Answers a customer who asks about an order.',
      arguments: [{ name: 'order', required: true }],
      messages: [{ role: 'user', text: 'Look up order {{order}} and tell the customer where it is.' }],
    },
  ],
})
export type SetPrompt = Static<typeof SetPrompt>

/** What one version of a prompt says. */
export interface PromptContent {
  readonly title: string | null
  readonly description: string | null
  readonly arguments: readonly PromptArgument[]
  readonly messages: readonly PromptMessage[]
}

export const Prompt = Type.Object({
  name: OfferName,
  title: Nullable(Title),
  description: Nullable(Description),
  version: Type.Integer({ description: 'The one that clients get.' }),
  versions: Type.Integer({ description: 'How many are kept.' }),
  updatedAt: Timestamp,
})
export type Prompt = Static<typeof Prompt>

const SAID = { arguments: Type.Array(PromptArgument), messages: Type.Array(PromptMessage) }

export const PromptDetail = Type.Object({ ...Prompt.properties, ...SAID })
export type PromptDetail = Static<typeof PromptDetail>

export const PromptVersion = Type.Object({
  version: Type.Integer(),
  isCurrent: Type.Boolean(),
  title: Nullable(Title),
  description: Nullable(Description),
  actor: Type.String({ description: 'Id of the admin key that made it.' }),
  createdAt: Timestamp,
})
export type PromptVersion = Static<typeof PromptVersion>

export const PromptVersionDetail = Type.Object({ ...PromptVersion.properties, ...SAID })
export type PromptVersionDetail = Static<typeof PromptVersionDetail>

export const ChoosePromptVersion = Type.Object(
  { version: Type.Integer({ minimum: 1, maximum: 2_147_483_647 }) },
  { additionalProperties: false, examples: [{ version: 1 }] },
)
