import { type Static, Type } from 'typebox'

/** Kinds of texts that can be taken out of answers wherever they stand. */
export const DETECTORS = ['email', 'phone', 'card', 'iban', 'token'] as const

/** What is taken out of answers before anything else sees them. */
export const Redaction = Type.Object(
  {
    detectors: Type.Optional(
      Type.Array(Type.Enum([...DETECTORS]), {
        uniqueItems: true,
        description:
          'Texts of these kinds: e-mail addresses, phone numbers with a country code, card numbers and IBANs whose checksums fit, and what is shaped like a token.',
      }),
    ),
    fields: Type.Optional(
      Type.Array(Type.String({ minLength: 1, maxLength: 500, pattern: '^[^.]+(\\.[^.]+)*$' }), {
        maxItems: 200,
        uniqueItems: true,
        description:
          'Fields of JSON: names joined by dots, `*` for any name, `**` for any depth; lists are looked into.',
        examples: [['customer.email', '**.ssn']],
      }),
    ),
  },
  { additionalProperties: false, minProperties: 1, examples: [{ detectors: ['email'], fields: ['**.ssn'] }] },
)
export type Redaction = Static<typeof Redaction>

const script = (of: string) =>
  Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 65_536,
      description: `JavaScript or TypeScript: the body of an async function of ${of}, \`args\` and \`tool\`. What it returns is used instead.`,
    }),
  )

/** What a curator does to requests and answers: for an upstream to those of all its tools, then for the tool. */
export const CallSteps = Type.Object(
  {
    requestInterceptor: script('`request` {method, path, query, headers, body}'),
    responseInterceptor: script('`response` {status, headers, body}'),
    redaction: Type.Optional(Redaction),
  },
  {
    additionalProperties: false,
    description: 'Steps of each call; in place of all there were.',
    examples: [{ responseInterceptor: 'delete response.body.internal' }, { redaction: { fields: ['**.ssn'] } }],
  },
)
export type CallSteps = Static<typeof CallSteps>
