import { type Static, Type } from 'typebox'
import { Allowance } from './allowances.ts'
import { Name, Nullable, Slug, Timestamp } from './pages.ts'
import { ReadOnly, ToolIds, ToolTags } from './tool-rights.ts'

/** Signatures that only the issuer can make: with a shared secret (HS256 …) whoever checks one could forge one. */
export const SIGNATURE_ALGORITHMS = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
  'Ed25519',
] as const

const IssuerUrl = Type.String({
  minLength: 1,
  maxLength: 500,
  description:
    'The issuer’s identifier, letter by letter as `iss` in its tokens has it: https, without query and fragment.',
  examples: ['https://login.example.com/realms/shop'],
})

const JwksUri = Nullable(
  Type.String({
    minLength: 1,
    maxLength: 2000,
    description:
      'Where its keys lie (RFC 7517). Null: where its own metadata says (OpenID Connect Discovery, RFC 8414).',
    examples: ['https://login.example.com/realms/shop/certs'],
  }),
)

const Audiences = Type.Array(Type.String({ minLength: 1, maxLength: 500 }), {
  maxItems: 20,
  uniqueItems: true,
  description:
    'Values of `aud` that are accepted beside the URL of the server. A token for one of them opens every server of the issuer.',
  examples: [['api://sluice']],
})

const Servers = Type.Array(Slug, {
  minItems: 1,
  maxItems: 100,
  uniqueItems: true,
  description: 'Slugs of the servers that its tokens open.',
})

const Algorithms = Type.Array(Type.Enum([...SIGNATURE_ALGORITHMS]), {
  minItems: 1,
  uniqueItems: true,
  description: 'Signatures that are accepted (RFC 7518 3.1, RFC 9864); by default all of these.',
  examples: [['RS256', 'ES256']],
})

// RFC 6749 3.3: what one scope is made of.
const Scope = Type.String({
  pattern: '^[\\x21\\x23-\\x5B\\x5D-\\x7E]+$',
  maxLength: 200,
  description: 'The token has this scope (`scope`, or `scp`).',
  examples: ['orders:read'],
})

const Claim = Type.Object(
  {
    name: Type.String({
      minLength: 1,
      maxLength: 200,
      description: 'A claim, or with dots between them the way to one within (`realm_access.roles`).',
    }),
    value: Type.String({ minLength: 1, maxLength: 500 }),
  },
  { additionalProperties: false, description: 'The token has this claim with this value, alone or in a list.' },
)

// A rule whose tools are gone with their operations gives nothing, and without it the others might give all.
const Tools = Type.Array(ToolIds.items, {
  ...ToolIds,
  minItems: 0,
  description: 'Ids of the only tools it gives, beside those with one of `tags`. Empty: none.',
})

/** What tokens of some kind may use. */
export const IssuerRule = Type.Object(
  {
    scope: Type.Optional(Scope),
    claim: Type.Optional(Claim),
    rights: Type.Optional(
      Type.Object(
        { tools: Type.Optional(Tools), tags: Type.Optional(ToolTags), readOnly: Type.Optional(ReadOnly) },
        { additionalProperties: false, description: 'The tools that it gives; without, all of the server.' },
      ),
    ),
  },
  {
    additionalProperties: false,
    description: 'With a scope and a claim, both are wanted; with neither, it holds for every token.',
  },
)
export type IssuerRule = Static<typeof IssuerRule>

const Rules = Type.Array(IssuerRule, {
  maxItems: 100,
  description:
    'A token may use what the rules that hold for it give, taken together, and is refused where none does. Without rules: every tool.',
})

const Allow = Type.Array(Allowance, {
  maxItems: 100,
  uniqueItems: true,
  description:
    'Private hosts and ranges where its metadata and keys may lie; an owner says which, in other workspaces than the default one of what `EGRESS_ALLOW` has.',
})

export const CreateIssuer = Type.Object(
  {
    name: Name,
    issuer: IssuerUrl,
    servers: Servers,
    jwksUri: Type.Optional(JwksUri),
    audiences: Type.Optional(Audiences),
    algorithms: Type.Optional(Algorithms),
    rules: Type.Optional(Rules),
    allow: Type.Optional(Allow),
  },
  {
    additionalProperties: false,
    examples: [
      {
        name: 'Company login',
        issuer: 'https://login.example.com/realms/shop',
        servers: ['bookshop'],
        rules: [{ scope: 'orders:read', rights: { readOnly: true } }, { scope: 'orders:write' }],
      },
    ],
  },
)
export type CreateIssuer = Static<typeof CreateIssuer>

export const UpdateIssuer = Type.Object(
  {
    name: Type.Optional(Name),
    issuer: Type.Optional(IssuerUrl),
    servers: Type.Optional(Servers),
    jwksUri: Type.Optional(JwksUri),
    audiences: Type.Optional(Audiences),
    algorithms: Type.Optional(Algorithms),
    rules: Type.Optional(Rules),
    allow: Type.Optional(Allow),
  },
  { additionalProperties: false, minProperties: 1, examples: [{ audiences: ['api://sluice'] }] },
)
export type UpdateIssuer = Static<typeof UpdateIssuer>

export const Issuer = Type.Object({
  id: Type.String({ examples: ['iss_01k9x3v8r6q2m4n7p0s5t8w1yz'] }),
  name: Type.String({ examples: ['Company login'] }),
  issuer: IssuerUrl,
  servers: Type.Array(Slug),
  jwksUri: JwksUri,
  audiences: Audiences,
  algorithms: Algorithms,
  rules: Rules,
  allow: Allow,
  createdAt: Timestamp,
})
export type Issuer = Static<typeof Issuer>
