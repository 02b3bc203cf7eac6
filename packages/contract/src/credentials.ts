import { type Static, Type } from 'typebox'
import { Nullable, Slug, Timestamp } from './pages.ts'

/** Where a secret goes, for a scheme that no document declares: it is then sent with every call of the upstream. */
export const CredentialPlacement = Type.Union(
  [
    Type.Object(
      {
        type: Type.Literal('apiKey'),
        in: Type.Enum(['header', 'query', 'cookie']),
        name: Type.String({ minLength: 1, maxLength: 100, pattern: "^[!#$%&'*+.^_`|~0-9A-Za-z-]+$" }),
      },
      { additionalProperties: false },
    ),
    Type.Object(
      { type: Type.Literal('http'), scheme: Type.Enum(['basic', 'bearer']) },
      { additionalProperties: false },
    ),
    Type.Object(
      { type: Type.Literal('headers') },
      { additionalProperties: false, description: 'Custom headers, given as `headers`.' },
    ),
  ],
  { description: 'Only for a scheme that the document does not declare.' },
)
export type CredentialPlacement = Static<typeof CredentialPlacement>

const SecretText = Type.String({ minLength: 1, maxLength: 16_384 })

/** Origins that may see a secret. */
export const Origins = Type.Array(
  Type.String({
    pattern: '^https?://[^/?#@\\s]+$',
    description: 'Scheme, host and port.',
    examples: ['https://api.example.com'],
  }),
  { minItems: 1, maxItems: 20, uniqueItems: true },
)

/** How access tokens are got from an authorization server (RFC 6749 4.4 and 6), without what is secret of it. */
export const TokenGrant = Type.Object(
  {
    grant: Type.Enum(['client_credentials', 'refresh_token']),
    tokenUrl: Type.String({ pattern: '^https?://', maxLength: 2000, examples: ['https://login.example.com/token'] }),
    clientId: Type.String({ minLength: 1, maxLength: 1000 }),
    clientAuth: Type.Enum(['basic', 'post'], {
      description: 'How the client says who it is: in the Authorization header, or in the body (RFC 6749 2.3.1).',
    }),
    scopes: Type.Array(Type.String({ minLength: 1, maxLength: 500 }), {
      maxItems: 100,
      description: 'Empty: those that the called operation names.',
    }),
    parameters: Type.Record(Type.String(), Type.String({ maxLength: 2000 }), {
      maxProperties: 20,
      description: 'What else is sent, for instance `audience`.',
    }),
  },
  { additionalProperties: false },
)
export type TokenGrant = Static<typeof TokenGrant>

const OAuth = Type.Object(
  {
    grant: TokenGrant.properties.grant,
    clientId: TokenGrant.properties.clientId,
    clientSecret: Type.Optional(SecretText),
    refreshToken: Type.Optional(SecretText),
    tokenUrl: Type.Optional(
      Type.String({
        ...TokenGrant.properties.tokenUrl,
        description: 'By default as the document declares it, or as its OpenID provider says.',
      }),
    ),
    clientAuth: Type.Optional(TokenGrant.properties.clientAuth),
    scopes: Type.Optional(TokenGrant.properties.scopes),
    parameters: Type.Optional(TokenGrant.properties.parameters),
  },
  {
    additionalProperties: false,
    description: 'An OAuth client: access tokens are got with it, kept to their end, and got again.',
    examples: [{ grant: 'client_credentials', clientId: 'sluice', clientSecret: 'the-secret-itself' }],
  },
)

export const SetCredential = Type.Object(
  {
    value: Type.Optional(
      Type.String({ ...SecretText, description: 'API key or bearer token.', examples: ['the-key-itself'] }),
    ),
    username: Type.Optional(Type.String({ maxLength: 1000 })),
    password: Type.Optional(Type.String({ maxLength: 16_384 })),
    headers: Type.Optional(
      Type.Record(Type.String({ pattern: "^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}$" }), SecretText, {
        minProperties: 1,
        maxProperties: 20,
        additionalProperties: false,
        description: `Custom headers and their values; \`\${name}\` stands for the secret of that name.`,
      }),
    ),
    oauth: Type.Optional(OAuth),
    placement: Type.Optional(CredentialPlacement),
    origins: Type.Optional(
      Type.Array(Origins.items, {
        ...Origins,
        description: 'Who may see the secret; by default the origin of the upstream’s base URL.',
      }),
    ),
  },
  { additionalProperties: false, minProperties: 1, examples: [{ value: 'the-key-itself' }] },
)
export type SetCredential = Static<typeof SetCredential>

export const Credential = Type.Object({
  id: Type.String({ examples: ['cred_01k9x3v8r6q2m4n7p0s5t8w1yz'] }),
  upstream: Slug,
  scheme: Type.String({ description: 'Name of the security scheme.', examples: ['shopKey'] }),
  kind: Type.String({ description: 'What it is, in words.', examples: ['API key in the header "X-Shop-Key"'] }),
  subject: Type.String({ description: '`shared`: all callers of the upstream use it.', examples: ['shared'] }),
  origins: Type.Array(Type.String()),
  tokenGrant: Nullable(TokenGrant),
  updatedAt: Timestamp,
})
export type Credential = Static<typeof Credential>

export const TestCredential = Type.Object(
  {
    path: Type.Optional(
      Type.String({
        pattern: '^/',
        maxLength: 2000,
        description: 'Path below the base URL; by default a GET operation without required arguments.',
        examples: ['/me'],
      }),
    ),
  },
  { additionalProperties: false, examples: [{}] },
)
export type TestCredential = Static<typeof TestCredential>

export const CredentialTest = Type.Object({
  ok: Type.Boolean({ description: 'The API answered with a status below 400.' }),
  status: Type.Union([Type.Integer(), Type.Null()]),
  method: Type.Literal('GET'),
  url: Type.String({ description: 'Without the secret.' }),
  message: Type.String({ description: 'What that means and what to do.' }),
})
export type CredentialTest = Static<typeof CredentialTest>
