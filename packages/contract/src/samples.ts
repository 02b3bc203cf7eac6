import { type Static, Type } from 'typebox'
import { Slug, Timestamp } from './pages.ts'

/** An answer of the API, as it is tried on. */
export const GivenAnswer = Type.Object(
  {
    status: Type.Optional(Type.Integer({ minimum: 100, maximum: 599, default: 200, examples: [200] })),
    headers: Type.Optional(Type.Record(Type.String(), Type.String({ maxLength: 8192 }))),
    body: Type.Unknown({ description: 'Any JSON; a text is JSON too, unless the headers say another type.' }),
  },
  { additionalProperties: false, description: 'What the API would answer: then it is not called.' },
)
export type GivenAnswer = Static<typeof GivenAnswer>

const Arguments = Type.Object({}, { additionalProperties: true, description: 'Of the call that is answered so.' })

/** An answer that is kept of a tool: what is made of answers is tried on it. */
export const Sample = Type.Object({
  name: Slug,
  status: Type.Integer(),
  bytes: Type.Integer({ description: 'Of its body, as JSON.' }),
  updatedAt: Timestamp,
})
export type Sample = Static<typeof Sample>

export const SampleDetail = Type.Object({ ...Sample.properties, arguments: Arguments, answer: GivenAnswer })
export type SampleDetail = Static<typeof SampleDetail>

export const SetSample = Type.Object(
  { arguments: Type.Optional(Arguments), answer: GivenAnswer },
  { additionalProperties: false, examples: [{ arguments: { limit: 1 }, answer: { body: { books: [{ id: 1 }] } } }] },
)
export type SetSample = Static<typeof SetSample>
