import { type Static, type TSchema, Type } from 'typebox'

/** One page of a list. `nextCursor` is given back as `cursor`; null: this is the last page. */
export const Page = <T extends TSchema>(item: T) =>
  Type.Object({ items: Type.Array(item), nextCursor: Type.Union([Type.String(), Type.Null()]) })

/** One page of a list, as rooms hand it on. */
export interface PageOf<T> {
  readonly items: readonly T[]
  readonly nextCursor: string | null
}

/** What every list takes in its query. */
export interface PageRequest {
  readonly limit?: number
  readonly cursor?: string
  /** A field's name; with `-` before it, downwards. */
  readonly sort?: string
}

/** The query of a list: page, sorting (`name`, or `-name` for downwards; the first is the default) and its own filters. */
export const PageQuery = <S extends string, F extends Record<string, TSchema>>(sorts: readonly S[], filters: F) =>
  Type.Object(
    {
      limit: Type.Optional(
        Type.Integer({ minimum: 1, maximum: 200, default: 50, description: 'Items of a page.', examples: [50] }),
      ),
      cursor: Type.Optional(Type.String({ minLength: 1, description: '`nextCursor` of the page before.' })),
      sort: Type.Optional(
        Type.Enum([...sorts], { default: sorts[0], description: 'What the list is sorted by; `-` is downwards.' }),
      ),
      ...filters,
    },
    { additionalProperties: false },
  )

/** The form of a slug: what stands in a URL. */
export const Slug = Type.String({
  pattern: '^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$',
  description: 'Lower-case letters, digits and inner hyphens; at most 63.',
  examples: ['bookshop'],
})

/** A name that people give: any text without control characters. */
export const Name = Type.String({
  minLength: 1,
  maxLength: 100,
  pattern: '^[^\\u0000-\\u001F\\u007F]*$',
  description: 'Text of 1 to 100 characters, without control characters.',
})

/** Names a row, such as `tool_01k9…`. */
export const Id = Type.String({ minLength: 1, maxLength: 64 })

export const Timestamp = Type.String({
  format: 'date-time',
  description: 'RFC 3339.',
  examples: ['2030-01-31T00:00:00.000Z'],
})
export type Timestamp = Static<typeof Timestamp>

/** A value, or null where there is none. */
export const Nullable = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()])

/** A yes-or-no of a query. */
export const Flag = (description: string) => Type.Optional(Type.Boolean({ description }))
