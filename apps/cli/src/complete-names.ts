import type {
  AccessKey,
  AdminKey,
  Issuer,
  Prompt,
  Resource,
  Secret,
  Server,
  ServerTool,
  Tool,
  Upstream,
} from '@sluice/contract'
import { type AdminApi, at } from './admin-api.ts'
import { runningGateway } from './connect.ts'

/** What can stand for an argument or option, and a word on it. */
export type Proposal = readonly [name: string, about: string]

/** How long somebody who pressed the tab key waits for names, in milliseconds. */
const PATIENCE_MS = 1_500

/**
 * The names that a gateway knows for an argument (`server`, `tool`, `id` …) of a command; none where no gateway answers quickly,
 * or for what it has no names. `before` are the arguments that stand there already.
 */
export async function completeNames(
  path: string,
  wanted: string,
  before: readonly string[],
): Promise<readonly Proposal[]> {
  const list = LISTS[`${path} ${wanted}`] ?? LISTS[wanted]
  if (!list) return []
  const asked = runningGateway().then(async (api) => (api ? list(api, before) : []))
  const late = new Promise<Proposal[]>((resolve) => setTimeout(resolve, PATIENCE_MS, []))
  // Whoever completes a word wants names, and no reason why there are none.
  return Promise.race([asked, late]).catch(() => [])
}

type List = (api: AdminApi, before: readonly string[]) => Promise<Proposal[]>

const tools: List = async (api) => (await api.list<Tool>('/tools')).map(({ name, title }): Proposal => [name, title])

const toolsOfServer: List = async (api, [server = '']) =>
  (await api.list<ServerTool>(at`/servers/${server}/tools`)).map(({ name, title }): Proposal => [name, title])

const promptsOfServer: List = async (api, [server = '']) =>
  (await api.list<Prompt>(at`/servers/${server}/prompts`)).map(({ name, title }): Proposal => [name, title ?? ''])

const resourcesOfServer: List = async (api, [server = '']) =>
  (await api.list<Resource>(at`/servers/${server}/resources`)).map(({ name, uri }): Proposal => [name, uri])

/** By the argument's name; for one of a certain command, with the command before it. */
const LISTS: Readonly<Record<string, List>> = {
  server: async (api) => (await api.list<Server>('/servers')).map(({ slug, name }): Proposal => [slug, name]),
  upstream: async (api) => (await api.list<Upstream>('/upstreams')).map(({ slug, name }): Proposal => [slug, name]),
  tool: tools,
  tools,
  'call tool': toolsOfServer,
  'servers edit-tool tool': toolsOfServer,
  'servers remove tools': toolsOfServer,
  prompt: promptsOfServer,
  'prompts set name': promptsOfServer,
  resource: resourcesOfServer,
  'resources set name': resourcesOfServer,
  secret: async (api) => (await api.list<Secret>('/secrets')).map(({ name }): Proposal => [name, '']),
  'key show id': keys,
  'key edit id': keys,
  'key revoke id': keys,
  'issuer show issuer': issuers,
  'issuer remove issuer': issuers,
  'admin-key show id': adminKeys,
  'admin-key edit id': adminKeys,
  'admin-key revoke id': adminKeys,
}

async function keys(api: AdminApi): Promise<Proposal[]> {
  return (await api.list<AccessKey>('/access-keys', { revoked: false })).map(({ id, name }) => [id, name])
}

async function issuers(api: AdminApi): Promise<Proposal[]> {
  return (await api.list<Issuer>('/issuers')).map(({ name, issuer }) => [name, issuer])
}

async function adminKeys(api: AdminApi): Promise<Proposal[]> {
  return (await api.list<AdminKey>('/admin-keys', { revoked: false })).map(({ id, name }) => [id, name])
}
