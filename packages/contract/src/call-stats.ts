import { type Static, Type } from 'typebox'
import { Nullable } from './pages.ts'
import { CallFilter } from './recorded-calls.ts'

/** What the calls of a report are put together by. */
export const CALL_GROUPS = ['server', 'tool', 'key', 'client', 'road', 'outcome', 'hour'] as const
export type CallGroup = (typeof CALL_GROUPS)[number]

const figures = {
  calls: Type.Integer(),
  errors: Type.Integer({ description: 'Those that failed.' }),
  p50: Nullable(Type.Number({ description: 'Milliseconds that half of them took at most.' })),
  p95: Nullable(Type.Number()),
  p99: Nullable(Type.Number()),
  rawTokens: Type.Integer({ description: 'What the answers of the APIs would have cost a model.' }),
  sentTokens: Type.Integer({ description: 'What models were shown, by tools of Sluice’s own too.' }),
  savedTokens: Type.Integer({ description: '`rawTokens` less `sentTokens`.' }),
  reckoned: Type.Integer({
    description: 'Calls whose tokens were reckoned, not counted; they are among these figures.',
  }),
  savedMoney: Nullable(Type.Number({ description: 'At TOKEN_PRICE_PER_MILLION; null where that is not set.' })),
}

export const CallFigures = Type.Object(figures)
export type CallFigures = Static<typeof CallFigures>

const CallGroupFigures = Type.Object({
  key: Type.String({
    description: 'What they have in common: a slug, `server/tool`, an id, a name, or the hour at its beginning.',
    examples: ['bookshop'],
  }),
  name: Type.String({ description: 'The same for people.', examples: ['bookshop'] }),
  ...figures,
})

export const CallStats = Type.Object({
  total: CallFigures,
  groups: Type.Array(CallGroupFigures, { description: 'Those with most calls first; hours in their order.' }),
  dropped: Type.Integer({
    description: 'Calls within that time that were not recorded, for want of room; whatever else is filtered.',
  }),
  pricePerMillion: Nullable(Type.Number({ description: 'The setting TOKEN_PRICE_PER_MILLION.' })),
})
export type CallStats = Static<typeof CallStats>

export const CallStatsQuery = Type.Object(
  {
    by: Type.Optional(
      Type.Enum([...CALL_GROUPS], { default: 'server', description: 'What they are put together by.' }),
    ),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000, default: 100, description: 'Most groups.' })),
    ...CallFilter.properties,
  },
  { additionalProperties: false },
)
