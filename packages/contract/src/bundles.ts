import { type Static, Type } from 'typebox'
import { CallSteps } from './call-steps.ts'
import { HoldPolicy } from './change-notes.ts'
import { SetComposite } from './composites.ts'
import { CredentialPlacement, Origins, TokenGrant } from './credentials.ts'
import { CreateIssuer, IssuerRule } from './issuers.ts'
import { Name, Slug } from './pages.ts'
import { SetPrompt } from './prompts.ts'
import { SetResource } from './resources.ts'
import { CreateServer } from './servers.ts'
import { ArgumentEdit, ManualOperation, ToolName, UpdateTool } from './tools.ts'
import { UpdateUpstream, UpstreamPolicy } from './upstreams.ts'

// A workspace as a folder of files: what people set, under the names that people gave.

/** One file of a bundle. */
export const BundleFile = Type.Object(
  {
    path: Type.String({
      minLength: 1,
      maxLength: 300,
      description: 'Below the folder, with `/`.',
      examples: ['upstreams/bookshop/tools.yaml'],
    }),
    text: Type.Optional(Type.String({ description: 'What it holds.' })),
    base64: Type.Optional(Type.String({ description: 'What it holds, where that is no text.' })),
  },
  { additionalProperties: false },
)
export type BundleFile = Static<typeof BundleFile>

export const Bundle = Type.Object({
  files: Type.Array(BundleFile, { description: 'In the order of their paths.' }),
  notes: Type.Array(Type.String(), { description: 'What is not in it, and why.' }),
})
export type Bundle = Static<typeof Bundle>

export const BundleQuery = Type.Object(
  { server: Type.Optional(Type.String({ ...Slug, description: 'Only this server, and what it needs.' })) },
  { additionalProperties: false },
)

export const ApplyQuery = Type.Object(
  {
    commit: Type.Optional(
      Type.Boolean({ default: false, description: 'Without it the answer only says what would happen.' }),
    ),
    plan: Type.Optional(
      Type.String({
        pattern: '^[0-9a-f]{64}$',
        description: 'The `plan` of what was shown: just that is committed, or nothing.',
      }),
    ),
  },
  { additionalProperties: false },
)
export type ApplyQuery = Static<typeof ApplyQuery>

export const ApplyBundle = Type.Object(
  {
    files: Type.Array(BundleFile, { minItems: 1, maxItems: 20_000 }),
    trust: Type.Optional(
      Type.Boolean({
        description:
          'The bundle is one’s own: what is here already is changed, and on is what it says is on. Without, it only adds, and what it adds is off until somebody looked at it.',
      }),
    ),
    prune: Type.Optional(Type.Boolean({ description: 'What the bundle does not have is deleted. Needs `trust`.' })),
    accept: Type.Optional(Type.Boolean({ description: 'Agrees to changes of documents, so that none is held.' })),
  },
  {
    additionalProperties: false,
    examples: [{ files: [{ path: 'sluice.yaml', text: 'sluice: 1\nof: workspace\n' }], trust: true }],
  },
)
export type ApplyBundle = Static<typeof ApplyBundle>

export const BundleChange = Type.Object({
  change: Type.Enum(['added', 'changed', 'removed']),
  path: Type.String({ description: 'The file of the bundle.', examples: ['upstreams/bookshop/tools.yaml'] }),
  pointer: Type.String({ description: 'JSON pointer into it.', examples: ['/tools/list_books/enabled'] }),
  before: Type.Optional(Type.Unknown()),
  after: Type.Optional(Type.Unknown()),
})
export type BundleChange = Static<typeof BundleChange>

export const ApplyReport = Type.Object({
  committed: Type.Boolean(),
  plan: Type.String({ description: 'Stands for exactly these changes.' }),
  changes: Type.Array(BundleChange, { description: 'What is changed here, setting by setting.' }),
  left: Type.Array(BundleChange, {
    description: 'Where this workspace still is not as the bundle says: from what is here to what the bundle has.',
  }),
  toSet: Type.Array(
    Type.Object({
      kind: Type.Enum(['credential', 'secret', 'fetch headers']),
      name: Type.String({ description: 'Of a credential, its upstream and scheme.', examples: ['bookshop/shopKey'] }),
      fix: Type.String({ description: 'How it is set.' }),
    }),
    { description: 'Secrets that are only named so far. A bundle holds none.' },
  ),
  notes: Type.Array(Type.String(), { description: 'What was not taken over, and why.' }),
})
export type ApplyReport = Static<typeof ApplyReport>

const closed = { additionalProperties: false }
/** `sluice.yaml` */
export const BundleHead = Type.Object(
  {
    sluice: Type.Literal(1, { description: 'The form of the files.' }),
    of: Type.String({ pattern: '^(workspace|server [a-z0-9-]+)$' }),
  },
  closed,
)
export type BundleHead = Static<typeof BundleHead>

/** `secrets.yaml` */
export const BundleSecrets = Type.Object(
  {
    // A pattern is all that a key can have of a `Name`.
    secrets: Type.Record(
      Type.String({ pattern: '^[^\\u0000-\\u001F\\u007F]{1,200}$' }),
      Type.Object({ origins: Origins }, closed),
      closed,
    ),
  },
  closed,
)
export type BundleSecrets = Static<typeof BundleSecrets>

// No query: it may hold a token, and is stored nowhere.
const FetchedFrom = { maxLength: 2000, pattern: '^https?://[^?#]+$' }

/** `upstreams/<slug>/upstream.yaml` */
export const BundleUpstream = Type.Object(
  {
    name: Name,
    baseUrl: Type.String({ minLength: 1, maxLength: 2000 }),
    allow: Type.Optional(Type.Array(Type.String(), { maxItems: 100, uniqueItems: true })),
    document: Type.Optional(
      Type.Object(
        {
          file: Type.String({ pattern: '^[A-Za-z0-9._-]{1,100}$' }),
          url: Type.Optional(Type.String({ ...FetchedFrom, description: 'Where it came from.' })),
        },
        closed,
      ),
    ),
    overlay: Type.Optional(Type.String({ pattern: '^[A-Za-z0-9._-]{1,100}$' })),
    externalRefs: Type.Optional(Type.Array(Type.String({ pattern: '^https?://[^/?#@]+$' }), { maxItems: 20 })),
    refresh: Type.Optional(
      Type.Object(
        {
          url: Type.Optional(Type.String(FetchedFrom)),
          minutes: Type.Optional(Type.Integer({ minimum: 5, maximum: 44_640 })),
          headers: Type.Optional(Type.Literal(true, { description: 'It is fetched with headers, which are secret.' })),
        },
        closed,
      ),
    ),
    holdChanges: Type.Optional(HoldPolicy),
    responseFilter: UpdateUpstream.properties.responseFilter,
    steps: Type.Optional(CallSteps),
    policy: Type.Optional(UpstreamPolicy),
    credentials: Type.Optional(
      Type.Record(
        Type.String(),
        Type.Object(
          {
            origins: Origins,
            placement: Type.Optional(CredentialPlacement),
            grant: Type.Optional(TokenGrant),
            secrets: Type.Optional(Type.Array(Name, { description: 'Named secrets that its headers hold.' })),
          },
          closed,
        ),
      ),
    ),
  },
  closed,
)
export type BundleUpstream = Static<typeof BundleUpstream>

const BundleArgument = Type.Union([
  ...ArgumentEdit.anyOf.filter((one) => !('secret' in one.properties)),
  Type.Object({ secret: Name }, { ...closed, description: 'Fixed to the secret of this name.' }),
])

const { upstream: _upstream, ...MANUAL } = ManualOperation.properties
const { name: _name, enabled: _enabled, arguments: _arguments, ...EDITS } = UpdateTool.properties

/** One tool in `upstreams/<slug>/tools.yaml`. */
export const BundleTool = Type.Object(
  {
    operation: Type.Optional(
      Type.String({ pattern: '^[A-Z]+ ', description: 'Method and path.', examples: ['GET /books'] }),
    ),
    manual: Type.Optional(
      Type.Object(
        {
          ...MANUAL,
          name: Type.Optional(ToolName),
          description: Type.Optional(Type.String({ maxLength: 8000 })),
        },
        closed,
      ),
    ),
    enabled: Type.Boolean(),
    ...EDITS,
    arguments: Type.Optional(Type.Record(Type.String(), BundleArgument)),
    changeWaits: Type.Optional(
      Type.Literal(true, { description: 'The document says another thing than what is served; somebody must agree.' }),
    ),
    largeAnswers: Type.Optional(Type.Literal(true, { description: 'An answer was more than a result may cost.' })),
  },
  closed,
)
export type BundleTool = Static<typeof BundleTool>

export const BundleTools = Type.Object({ tools: Type.Record(ToolName, BundleTool, closed) }, closed)
export type BundleTools = Static<typeof BundleTools>

const { slug: _slug, ...SERVER } = CreateServer.properties

/** One tool on a server. */
const Placed = Type.Object(
  {
    alias: Type.Optional(ToolName),
    unlisted: Type.Optional(Type.Boolean()),
    pinned: Type.Optional(Type.Boolean()),
  },
  closed,
)

/** `servers/<slug>/server.yaml` */
export const BundleServer = Type.Object(
  {
    ...SERVER,
    tools: Type.Record(Type.String(), Type.Record(Type.String(), Placed), {
      description: 'By upstream and name.',
    }),
  },
  closed,
)
export type BundleServer = Static<typeof BundleServer>

export const BundleRule = Type.Object(
  {
    scope: IssuerRule.properties.scope,
    claim: IssuerRule.properties.claim,
    rights: Type.Optional(
      Type.Object(
        {
          ...IssuerRule.properties.rights.properties,
          tools: Type.Optional(Type.Array(Type.String({ pattern: '^[^/]+/[^/]+$' }), { maxItems: 1000 })),
        },
        { ...closed, description: 'Tools by upstream and name: `bookshop/list_books`.' },
      ),
    ),
  },
  closed,
)
export type BundleRule = Static<typeof BundleRule>
export const BundleIssuer = Type.Object(
  { ...CreateIssuer.properties, rules: Type.Optional(Type.Array(BundleRule, { maxItems: 100 })) },
  closed,
)
export type BundleIssuer = Static<typeof BundleIssuer>

/** `issuers.yaml` */
export const BundleIssuers = Type.Object({ issuers: Type.Array(BundleIssuer) }, closed)
export type BundleIssuers = Static<typeof BundleIssuers>

/** What stands in `servers/<slug>/<folder>/<name>.yaml`. */
export const BUNDLE_OFFERS = { resources: SetResource, prompts: SetPrompt, composites: SetComposite } as const
