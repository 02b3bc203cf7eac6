import { type Static, type TSchema, Type } from 'typebox'

/** A list as the admin API answers it. */
export const List = <T extends TSchema>(item: T) => Type.Object({ items: Type.Array(item) })

/** The form of a slug: what stands in a URL. */
export const Slug = Type.String({
  pattern: '^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$',
  description: 'Lower-case letters, digits and inner hyphens; at most 63.',
})

export const Timestamp = Type.String({ format: 'date-time' })
export type Timestamp = Static<typeof Timestamp>
