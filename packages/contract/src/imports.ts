import { type Static, Type } from 'typebox'
import { ChangeNote } from './change-notes.ts'
import { ClientSnippet } from './client-snippets.ts'
import type { Coverage, Diagnostic } from './diagnostics.ts'
import type { DerivedOperation } from './operation-definitions.ts'
import type { SecurityScheme } from './operations.ts'
import { Slug } from './pages.ts'
import type { ArgumentEdits } from './tools.ts'

export const ImportCredential = Type.Object(
  {
    scheme: Type.Optional(
      Type.String({
        description: 'Name of the security scheme; may be left out where the document has one that fits.',
      }),
    ),
    value: Type.Optional(Type.String({ minLength: 1, description: 'API key or bearer token.' })),
    username: Type.Optional(Type.String()),
    password: Type.Optional(Type.String()),
  },
  { additionalProperties: false },
)
export type ImportCredential = Static<typeof ImportCredential>

export const EnableRule = Type.Object(
  {
    enable: Type.Optional(
      Type.Boolean({ default: true, description: 'What the rule does with an operation that fits.' }),
    ),
    tags: Type.Optional(Type.Array(Type.String(), { minItems: 1, description: 'It has one of these.' })),
    methods: Type.Optional(Type.Array(Type.String(), { minItems: 1, examples: [['GET', 'HEAD']] })),
    path: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 500,
        description: 'A glob: `*` is anything within a segment, `**` anything at all, `?` one character.',
        examples: ['/orders/**'],
      }),
    ),
    operationId: Type.Optional(
      Type.String({ minLength: 1, maxLength: 500, description: 'A glob.', examples: ['list*'] }),
    ),
    deprecated: Type.Optional(Type.Boolean()),
    readOnly: Type.Optional(Type.Boolean({ description: 'GET, HEAD, OPTIONS and QUERY, or all others.' })),
  },
  { additionalProperties: false, minProperties: 1, description: 'All that a rule says must be so of an operation.' },
)
export type EnableRule = Static<typeof EnableRule>

export const ImportRequest = Type.Object(
  {
    text: Type.Optional(Type.String({ description: 'The document itself, JSON or YAML.' })),
    url: Type.Optional(Type.String({ description: 'Where the document lies, http or https.' })),
    fetchHeaders: Type.Optional(
      Type.Record(
        Type.String({ pattern: "^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}$" }),
        Type.String({ minLength: 1, maxLength: 8_192 }),
        {
          maxProperties: 5,
          description:
            'Headers that fetch the document and nothing else, such as a token of the site it lies on. Sealed, kept for its refreshes, sent to the origin of `url` alone; an empty object takes them away.',
          examples: [{ Authorization: 'Bearer the-token-of-the-site' }],
        },
      ),
    ),
    entry: Type.Optional(
      Type.String({ maxLength: 500, description: 'The path of the document to begin with, in a zip of several.' }),
    ),
    externalRefs: Type.Optional(
      Type.Array(Type.String({ pattern: '^https?://[^/?#@]+$' }), {
        maxItems: 20,
        description:
          'Origins (`https://api.example.com`) from which documents that references lead to may be fetched. None by default.',
      }),
    ),
    accept: Type.Optional(Type.Boolean({ description: 'Agrees to all changes of this import, so that none is held.' })),
    overlay: Type.Optional(
      Type.String({
        maxLength: 4 * 1024 * 1024,
        description:
          'An Overlay 1.0 document, JSON or YAML, applied before the document is read, and again at each later import; an empty text takes it away.',
      }),
    ),
    baseUrl: Type.Optional(
      Type.String({ description: 'Where the API lies, if the document does not say or says it wrong.' }),
    ),
    credential: Type.Optional(ImportCredential),
    allow: Type.Optional(
      Type.Array(Type.String(), {
        description:
          'Private hosts (`localhost:3000`) or CIDR ranges that calls of this upstream may reach. Owners only, and in other workspaces than the default one only what `EGRESS_ALLOW` has.',
      }),
    ),
    enable: Type.Optional(
      Type.Union(
        [
          Type.Enum(['auto', 'all', 'none']),
          Type.Object({ tags: Type.Array(Type.String(), { minItems: 1 }) }, { additionalProperties: false }),
          Type.Object(
            { rules: Type.Array(EnableRule, { minItems: 1, maxItems: 100 }) },
            {
              additionalProperties: false,
              description:
                'The first rule that fits an operation decides. What none fits is enabled only where all rules are exclusions.',
            },
          ),
        ],
        {
          description:
            '`auto` enables all tools of a first import; where the document marks some with `x-mcp`, only those. What reads like an instruction to a model is never enabled by an import.',
        },
      ),
    ),
  },
  {
    additionalProperties: false,
    description:
      'Either `text` or `url`; the text may also come as a file of a form, and so may a zip of the documents that belong together.',
    examples: [{ url: 'https://api.example.com/openapi.json', credential: { value: 'the-key-itself' } }],
  },
)
export type ImportRequest = Static<typeof ImportRequest>

export const ImportQuery = Type.Object(
  {
    commit: Type.Optional(
      Type.Boolean({ default: false, description: 'Without it the answer only says what would happen.' }),
    ),
    plan: Type.Optional(
      Type.String({
        pattern: '^[0-9a-f]{64}$',
        description: 'The `plan.id` of a dry run: what is committed is that plan, or nothing.',
      }),
    ),
    server: Type.Optional(Slug),
    upstream: Type.Optional(Slug),
  },
  { additionalProperties: false },
)
export type ImportQuery = Static<typeof ImportQuery>

export const CoverageCounts = Type.Object({
  operations: Type.Integer(),
  imported: Type.Integer(),
  withDiagnostics: Type.Integer(),
  skipped: Type.Integer(),
})

export const DiagnosticItem = Type.Object({
  code: Type.String(),
  severity: Type.Enum(['error', 'warning', 'info']),
  pointer: Type.String({ description: 'JSON pointer into the text as received.' }),
  file: Type.Optional(Type.String({ description: 'The document of several that the pointer is into.' })),
  message: Type.String(),
  fix: Type.Optional(Type.String()),
  line: Type.Optional(Type.Integer()),
  column: Type.Optional(Type.Integer()),
})

const TagCount = Type.Object({ tag: Type.String(), tools: Type.Integer(), tokens: Type.Integer() })

export const ImportReport = Type.Object({
  committed: Type.Boolean(),
  title: Type.String(),
  declaredVersion: Type.String(),
  url: Type.Union([Type.String(), Type.Null()], { description: 'The MCP URL.' }),
  accessKey: Type.Union([Type.String(), Type.Null()], {
    description: 'Shown this once. Null where the server had a key before.',
  }),
  server: Type.Object({ slug: Slug, name: Type.String() }),
  upstream: Type.Object({ slug: Slug, baseUrl: Type.String() }),
  plan: Type.Object({
    id: Type.String({
      description:
        'Stands for exactly these changes to what is stored now. Given back as `plan` with `commit`, nothing else is committed.',
    }),
    added: Type.Integer(),
    changed: Type.Integer(),
    moved: Type.Integer({ description: 'The same operation at another method or path.' }),
    removed: Type.Integer(),
    unchanged: Type.Integer(),
    held: Type.Integer({ description: 'How many changes wait until somebody agrees to them.' }),
  }),
  coverage: CoverageCounts,
  listTokens: Type.Integer({ description: 'Model tokens of the list of enabled tools (o200k).' }),
  tools: Type.Array(
    Type.Object({
      name: Type.String(),
      change: Type.Enum(['added', 'changed', 'moved', 'removed', 'unchanged']),
      note: Type.Union([ChangeNote, Type.Null()]),
      held: Type.Boolean({ description: 'It stays at the version it serves until somebody agrees.' }),
      method: Type.String(),
      path: Type.String(),
      enabled: Type.Boolean(),
      tokens: Type.Integer(),
    }),
  ),
  diagnostics: Type.Array(DiagnosticItem),
  rules: Type.Array(Type.Integer(), {
    description: 'How many operations each rule of `enable` decided on, in their order.',
  }),
  baseUrls: Type.Array(Type.Object({ url: Type.String(), description: Type.String() }), {
    description: 'The base URLs that the document names; the first is taken unless `baseUrl` says another.',
  }),
  suggestion: Type.Union([
    Type.Null(),
    Type.Object({
      reason: Type.String(),
      enable: Type.Object(
        { tags: Type.Array(Type.String()) },
        { description: 'Send this as `enable` with the same import.' },
      ),
      tags: Type.Array(TagCount),
    }),
  ]),
  clients: Type.Array(ClientSnippet, { description: 'What to paste into each MCP client; empty before a commit.' }),
})
export type ImportReport = Static<typeof ImportReport>

/** A document as the importer read it. */
export interface ReadSpec {
  readonly title: string
  readonly declaredVersion: string
  /** The document's base URL: absolute, or null where it has none or only a relative one that nothing resolves. */
  readonly baseUrl: string | null
  /** All that it names, variables filled with their defaults. */
  readonly baseUrls: ReadonlyArray<{ readonly url: string; readonly description: string }>
  readonly securitySchemes: Readonly<Record<string, SecurityScheme>>
  /** Those that operations want and a credential can meet. */
  readonly neededSchemes: readonly string[]
  readonly operations: readonly DerivedOperation[]
  readonly diagnostics: readonly Diagnostic[]
  readonly coverage: Coverage
}

/** An operation as it is stored, as far as planning an import needs it. */
export interface StoredOperation {
  readonly id: string
  readonly method: string
  readonly path: string
  readonly contentHash: string
  readonly removed: boolean
  /** As the document had it. */
  readonly operationId?: string
  /** At least one; the first is the oldest. */
  readonly tools: ReadonlyArray<{
    readonly id: string
    readonly name: string
    readonly enabled: boolean
    /** What a curator made of its arguments; absent: nothing. */
    readonly argumentEdits?: ArgumentEdits
  }>
}

/** What committing an import does to one operation. */
export type OperationChange =
  | { readonly kind: 'added'; readonly derived: DerivedOperation; readonly toolName: string; readonly enable: boolean }
  | {
      /** `moved`: the same operation at another method or path. */
      readonly kind: 'changed' | 'moved' | 'unchanged'
      readonly derived: DerivedOperation
      readonly stored: StoredOperation
      readonly enable: boolean
      readonly note?: ChangeNote
      /** Tools that are enabled when it is written stay at the version they serve until somebody agrees. */
      readonly hold?: boolean
      /** As far as the plan knows: it is held, and there are such tools. */
      readonly held?: boolean
    }
  | { readonly kind: 'removed'; readonly stored: StoredOperation }

/** Everything one committed import writes, in one transaction. */
export interface ImportCommit {
  readonly workspaceId: string
  /** Who, for the audit trail: an AdminKey's id. */
  readonly actor: string
  readonly upstream: {
    /** Absent for a new upstream. */
    readonly id?: string
    readonly slug: string
    readonly name: string
    readonly baseUrl: string
    readonly securitySchemes: Readonly<Record<string, SecurityScheme>>
    readonly allow: readonly string[]
    /** Null: none. */
    readonly overlay: string | null
    readonly externalRefs: readonly string[]
    /** JSON of the headers that fetch the document, to be sealed; null: none any more; absent: as before. */
    readonly fetchHeaders?: string | null
  }
  readonly spec: {
    readonly sourceUrl: string | null
    /** The whole URL, where it can be kept: one with a query may hold a token. Absent: as before. */
    readonly refreshUrl?: string | null
    /** The document as received, packed with gzip or bare. */
    readonly received: Uint8Array
    /** SHA-256 of the bytes as received, hex. */
    readonly contentHash: string
    readonly declaredVersion: string
    readonly diagnostics: readonly Diagnostic[]
    readonly coverage: Coverage
  }
  readonly changes: readonly OperationChange[]
  /** How the upstream was set when the import was planned; absent for a new one. */
  readonly plannedOn?: Pick<ImportCommit['upstream'], 'baseUrl' | 'allow' | 'overlay' | 'externalRefs'>
  /** Agrees to what waits from before, too. */
  readonly accept?: boolean
  /** Absent for a refresh: what is new then is on no server. */
  readonly server?: { readonly slug: string; readonly name: string }
  /** A new key is made for the server where it has none. */
  readonly accessKeyName: string
  readonly credential?: { readonly scheme: string; readonly secret: string; readonly origins: readonly string[] }
}
