/** What the routes are about, in the order in which a newcomer meets them. */
export const TAGS = {
  Imports: 'From an OpenAPI or Swagger document to a served MCP server, in one request.',
  Upstreams: 'The APIs that tools call: where they lie, and which private hosts their calls may reach.',
  'Documents and operations': 'The documents as they were received, the operations in them, and how those changed.',
  Credentials: 'What is presented to an API. Sealed at rest, bound to origins, never returned.',
  Tools: 'What agents can call. A curator renames, describes and enables them, and hides or fixes their arguments.',
  Servers: 'The MCP servers that clients connect to, and the tools on each.',
  Composites: 'Tools made of several calls: code that is kept on a server, with arguments and tests of its own.',
  'Resources and prompts':
    'What a server offers beside tools: documents to read, and prompts for people to choose, in versions.',
  'Access keys': 'The keys of agents: each opens some servers, and some or all of their tools.',
  Issuers: 'Authorization servers whose access tokens open servers, too, and what each token may use.',
  Secrets: 'Values that an argument of a tool is fixed to. Sealed at rest, never returned.',
  Bundles: 'A workspace, or one server, as a folder of files: to keep in git, to compare, and to apply elsewhere.',
  Calls: 'The record of calls: who called what, how it went, how long it took and what it cost a model.',
  Audit: 'Who changed what.',
  'Admin keys': 'The keys of the people and programs that manage a workspace: owners, editors and viewers.',
  Installation: 'What concerns all workspaces: the master key, and copies of the database.',
  Workspaces: 'The tenants of an installation. Managed with the installation key, which opens nothing in them.',
} as const

export type Tag = keyof typeof TAGS
