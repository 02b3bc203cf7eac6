import type {
  CacheUse,
  Call,
  CallOutcome,
  CatalogCredential,
  CatalogTool,
  CatalogUpstream,
  TokenGrant,
} from '@sluice/contract'
import { type CallDeps, callTool } from '../call-tool.ts'
import { createResponseCache } from '../response-cache.ts'
import { callOf, pick, type Setting, sealed, textOf } from './call-once.ts'
import { type Api, type ApiAnswer, startApi } from './start-api.ts'

export const KEY = 'sk-live-4242-secret'

const BASE: Setting = {
  cache: { ttlSeconds: 60 },
  operation: { security: [{ header: [] }] },
  credentials: { header: KEY },
}

/** How a call differs from the one that is always made. */
export interface Change {
  readonly setting?: Partial<Setting>
  readonly call?: Partial<Call>
  readonly tool?: Partial<CatalogTool>
  readonly upstream?: Partial<CatalogUpstream>
}

/** Calls of one tool with a cache, against a real API that answers `answers` and then the number of each request. */
export interface CachedCalls {
  readonly api: Api
  answers: ApiAnswer[]
  /** Milliseconds. */
  now: number
  /** The access token of the moment. */
  token: string
  /** What the cache did, call by call. */
  readonly uses: CacheUse[]
  deps: CallDeps
  ask(change?: Change): Promise<CallOutcome>
  /** Which request of the API it was that answered. */
  numberOf(change?: Change): Promise<number>
  /** What the last request asked by: an ETag, a date. */
  conditions(): Array<string | undefined>
  credential(text: string, id?: string): CatalogCredential
  /** A credential that gets access tokens. */
  granted(): Change
}

export async function cachedCalls(): Promise<CachedCalls> {
  const api = await startApi(() => calls.answers.shift())
  const calls: CachedCalls = {
    api,
    answers: [],
    now: 1_000,
    token: 'token-one',
    uses: [],
    deps: {
      send: api.send,
      cache: createResponseCache([() => calls.now]),
      // What stands after `#` tells two ciphertexts of one text apart.
      openSecret: (secret) => secret.sealed.split('#')[0]!,
      tokens: { get: async () => calls.token, discard: () => true },
      intercept: async ({ source }, input) => {
        const change = new Function('response', source)
        return { outputText: JSON.stringify(change(JSON.parse(input).response)), logs: [] }
      },
      filter: async (expression, body) => JSON.stringify({ [expression]: JSON.parse(body) }),
      project: pick,
      faultOf: () => undefined,
    },
    ask: ({ setting, call, tool, upstream } = {}) => {
      const made = callOf({ ...BASE, ...setting, origins: [api.url] })
      const changed = {
        ...made,
        ...call,
        tool: { ...made.tool, ...tool },
        upstream: { ...made.upstream, baseUrl: api.url, ...upstream },
        onCache: (use: CacheUse) => void calls.uses.push(use),
      }
      return callTool(changed, calls.deps)
    },
    numberOf: async (change) => JSON.parse(textOf(await calls.ask(change))).n,
    conditions: () => {
      const { headers } = api.asked.at(-1)!
      return [headers['if-none-match'], headers['if-modified-since']]
    },
    credential: (text, id = 'header') => ({ id, scheme: 'header', origins: [api.url], secret: sealed(text) }),
    granted: () => ({ upstream: { credentials: [{ ...calls.credential('{}'), grant: GRANT }] } }),
  }
  return calls
}

const GRANT: TokenGrant = {
  grant: 'client_credentials',
  tokenUrl: 'https://login.test',
  clientId: 'c',
  clientAuth: 'basic',
  scopes: [],
  parameters: {},
}
