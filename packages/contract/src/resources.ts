import { type Static, Type } from 'typebox'
import { Nullable, Timestamp } from './pages.ts'

/** The form of a name that clients show: of a resource, or of a prompt. */
export const OfferName = Type.String({
  minLength: 1,
  maxLength: 64,
  pattern: '^[a-zA-Z0-9_-]{1,64}$',
  description: 'Letters, digits, underscores and hyphens; at most 64.',
  examples: ['returns_policy'],
})

const Uri = Type.String({ minLength: 1, maxLength: 1000, examples: ['shop://policies/returns'] })
const Title = Type.String({ minLength: 1, maxLength: 200 })
const Description = Type.String({ minLength: 1, maxLength: 2000 })
const MimeType = Type.String({
  maxLength: 200,
  pattern: '^[A-Za-z0-9][\\w.+!#$&^-]*/[\\w.+!#$&^-]+( *;[ -~]*)?$',
  examples: ['text/markdown'],
})

/** What a resource holds: a text, or bytes as base64. */
export type StoredContent = { readonly text: string } | { readonly blob: string }

/** A resource of a server's own. */
export const Resource = Type.Object({
  name: OfferName,
  uri: Uri,
  title: Nullable(Title),
  description: Nullable(Description),
  mimeType: MimeType,
  bytes: Type.Integer({ description: 'Of what it holds.' }),
  updatedAt: Timestamp,
})
export type Resource = Static<typeof Resource>

const Text = Type.String({ description: 'What it holds.' })
const Blob = Type.String({ description: 'What it holds, as base64.' })

export const ResourceDetail = Type.Object({
  ...Resource.properties,
  text: Type.Optional(Text),
  blob: Type.Optional(Blob),
})
export type ResourceDetail = Static<typeof ResourceDetail>

export const SetResource = Type.Object(
  {
    uri: Uri,
    title: Type.Optional(Nullable(Title)),
    description: Type.Optional(Nullable(Description)),
    mimeType: Type.Optional(
      Type.String({ ...MimeType, description: 'By default text/plain, or application/octet-stream for a blob.' }),
    ),
    text: Type.Optional(Text),
    blob: Type.Optional(Blob),
  },
  {
    additionalProperties: false,
    description: 'Either `text` or `blob`, of at most 1 MB.',
    examples: [{ uri: 'shop://policies/returns', mimeType: 'text/markdown', text: 'Returns are free for 30 days.' }],
  },
)
export type SetResource = Static<typeof SetResource>
