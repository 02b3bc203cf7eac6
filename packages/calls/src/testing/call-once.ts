import {
  type ArgumentEdits,
  type Call,
  CallFailure,
  type CallOutcome,
  type CallSteps,
  type CatalogCredential,
  type CatalogTool,
  type FixedArgument,
  type HttpRequest,
  type HttpResponse,
  type OperationDefinition,
  type SealedSecret,
  type SecurityScheme,
  type SendLimits,
  type UpstreamPolicy,
} from '@sluice/contract'
import { editArguments, importSpec, readDefinition } from '@sluice/openapi'
import { callTool } from '../call-tool.ts'
import type { Continuations } from '../continuations.ts'
import { offerProjection } from '../projection.ts'

export const SCHEMES: Record<string, SecurityScheme> = {
  header: { type: 'apiKey', in: 'header', name: 'X-Api-Key' },
  query: { type: 'apiKey', in: 'query', name: 'key' },
  cookie: { type: 'apiKey', in: 'cookie', name: 'sid' },
  basic: { type: 'http', scheme: 'basic' },
  bearer: { type: 'http', scheme: 'bearer' },
}

export interface Setting {
  /** The path template and what the operation says in place of its two parameters. */
  readonly path?: string
  readonly operation?: object
  readonly args?: unknown
  readonly answer?: Partial<Omit<HttpResponse, 'body'>> & { body?: string | Uint8Array }
  /** In place of an answer. */
  readonly failure?: CallFailure
  /** Plain secrets by scheme, all bound to `origins`. */
  readonly credentials?: Record<string, string>
  /** Further credentials, as they stand in a catalog. */
  readonly placed?: readonly CatalogCredential[]
  readonly schemes?: Record<string, SecurityScheme>
  readonly origins?: readonly string[]
  readonly fixed?: Record<string, FixedArgument>
  readonly edits?: ArgumentEdits
  readonly filter?: string
  readonly upstreamFilter?: string
  readonly steps?: CallSteps
  readonly upstreamSteps?: CallSteps
  readonly policy?: UpstreamPolicy
  readonly cache?: CatalogTool['cache']
  readonly trace?: Call['trace']
  readonly offersProjection?: boolean
  readonly outputSchema?: CatalogTool['outputSchema']
  readonly continuations?: Continuations
  readonly method?: string
}

/** A sealed secret that `openSecret` below opens to this text. */
export function sealed(plain: string): SealedSecret {
  return { keyId: 'k', workspaceId: 'w', secretId: 's', sealed: plain }
}

/** One call of a tool made from a real document, against an upstream that answers once. */
export async function callOnce(setting: Setting): Promise<{
  outcome: CallOutcome
  sent: HttpRequest[]
  limits: SendLimits[]
  filtered: string[]
  intercepted: Array<{ name: string; input: unknown }>
}> {
  const sent: HttpRequest[] = []
  const limits: SendLimits[] = []
  const filtered: string[] = []
  const intercepted: Array<{ name: string; input: unknown }> = []
  const outcome = await callTool(callOf(setting), {
    send: async (request, given) => {
      sent.push(request)
      limits.push(given)
      if (setting.failure) throw setting.failure
      const { status = 200, headers = [['content-type', 'application/json']], body = '{"a": 1}' } = setting.answer ?? {}
      return { ...setting.answer, status, headers, body: typeof body === 'string' ? Buffer.from(body) : body }
    },
    openSecret: (secret) => secret.sealed,
    tokens: { get: async () => 'token', discard: () => false },
    intercept: async ({ name, point, source }, input) => {
      intercepted.push({ name, input: JSON.parse(input) })
      if (source === 'boom') throw new CallFailure('interceptor', `The ${name} failed at line 1, column 1.`)
      const given = JSON.parse(input)
      const change = new Function(point, 'args', 'tool', source)
      return { outputText: JSON.stringify(change(given[point], given.arguments, given.tool) ?? given[point]), logs: [] }
    },
    filter: async (_expression, body) => {
      filtered.push(body)
      if (setting.filter === 'boom') throw new CallFailure('interceptor', 'The response filter failed.')
      return '{"filtered":true}'
    },
    project: pick,
    faultOf: (expression) => (expression.includes('(') ? 'there is a fault at position 1.' : undefined),
    ...(setting.continuations ? { continuations: setting.continuations } : {}),
  })
  return { outcome, sent, limits, filtered, intercepted }
}

export function callOf(setting: Setting): Call {
  const credentials = Object.entries(setting.credentials ?? {}).map(([scheme, plain]) => ({
    id: scheme,
    scheme,
    origins: setting.origins ?? ['https://api.test'],
    secret: sealed(plain),
  }))
  const definition = definitionOf(setting)
  return {
    id: 'c1',
    caller: { workspaceId: 'w', id: 'k', name: 'test' },
    tool: (setting.offersProjection ? offerProjection : asItIs)({
      ...definition,
      id: 't',
      upstreamId: 'u',
      ...editArguments(definition, setting.edits ?? {}),
      fixedArguments: setting.fixed ?? {},
      tags: [],
      tokens: 1,
      unlisted: false,
      operationVersion: 'ver',
      pinned: false,
      ...(setting.filter ? { responseFilter: setting.filter } : {}),
      steps: setting.steps ?? {},
      ...(setting.cache ? { cache: setting.cache } : {}),
      ...(setting.outputSchema ? { outputSchema: setting.outputSchema } : {}),
    }),
    upstream: {
      steps: setting.upstreamSteps ?? {},
      ...(setting.policy ? { policy: setting.policy } : {}),
      ...(setting.upstreamFilter ? { responseFilter: setting.upstreamFilter } : {}),
      id: 'u',
      slug: 'shop',
      baseUrl: 'https://api.test/v1',
      origin: 'https://api.test',
      allow: [],
      securitySchemes: setting.schemes ?? SCHEMES,
      credentials: [...credentials, ...(setting.placed ?? [])],
    },
    arguments: 'args' in setting ? setting.args : { id: 7 },
    signal: new AbortController().signal,
    deadline: Date.now() + 10_000,
    ...(setting.trace ? { trace: setting.trace } : {}),
  }
}

function asItIs(tool: CatalogTool): CatalogTool {
  return tool
}

/** As far as these tests need JMESPath: names, indices, and slices that begin somewhere. */
export async function pick(expression: string, body: string): Promise<string> {
  if (expression === 'boom') throw new CallFailure('interceptor', 'The projection `boom` failed.')
  if (expression === 'late') throw new CallFailure('timeout', 'The projection took too long.')
  let value = JSON.parse(body)
  for (const [, quoted, from, index, name] of expression.matchAll(/"([^"]*)"|\[(\d+):\]|\[(\d+)\]|(\w+)/g)) {
    value = from === undefined ? (value?.[quoted ?? index ?? name ?? ''] ?? null) : value.slice(Number(from))
  }
  return JSON.stringify(value)
}

function definitionOf({ path = '/things/{id}', method = 'get', operation }: Setting): OperationDefinition {
  const parameters = [
    { name: 'id', in: 'path', required: true, schema: { type: 'integer' } },
    { name: 'limit', in: 'query', schema: { type: 'integer' } },
  ]
  const document = {
    openapi: '3.2.0',
    info: {},
    paths: { [path]: { [method]: { operationId: 'thing', parameters, ...operation } } },
  }
  const [derived] = importSpec({ text: JSON.stringify(document) }, { countTokens: () => 1 }).operations
  return readDefinition(derived!.definition)
}

export function textOf(outcome: CallOutcome): string {
  return outcome.ok ? shownOf(outcome).shown : outcome.message
}

/** The answer as it is shown, and what is said of it: before it where it was cut, else after it. */
export function shownOf(outcome: Extract<CallOutcome, { ok: true }>): { shown: string; note: string | undefined } {
  const texts = outcome.content.map((block) => (block as { text: string }).text)
  const [shown = '', note] = outcome.isPart ? texts.toReversed() : texts
  return { shown, note }
}

/** All values of a header; `name` is lower-case. */
export function headerOf(request: HttpRequest | undefined, name: string): string[] | undefined {
  return request?.headers.filter(([key]) => key.toLowerCase() === name).map(([, value]) => value)
}
