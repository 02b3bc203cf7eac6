import { type Static, Type } from 'typebox'

/** How many calls are let through: of one access key, or of a server by all who call it. */
export const CallLimits = Type.Object(
  {
    callsPerMinute: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 1_000_000,
        description:
          'In each minute of the clock, by all gateways together. A run of code is one, with the first call that it makes; each further one is another.',
      }),
    ),
    callsAtOnce: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 10_000,
        description: 'Under way at the same time, in one gateway. A run of code is none.',
      }),
    ),
  },
  { additionalProperties: false, minProperties: 1, examples: [{ callsPerMinute: 120, callsAtOnce: 8 }] },
)
export type CallLimits = Static<typeof CallLimits>
