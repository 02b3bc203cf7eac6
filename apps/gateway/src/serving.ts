import { type Continuations, createResponseCache, createTokens, type RenewSecret } from '@sluice/calls'
import { LIMITS, type Observe, type OpenSecret } from '@sluice/contract'
import { createEgress, type Egress } from '@sluice/egress'
import { createMcpHost, type McpHost } from '@sluice/mcp'
import { createSandbox, FilterSyntaxError, type Sandbox } from '@sluice/sandbox'
import { type CheckAllow, createCheckAllow, type mayAllow } from './check-allow.ts'
import type { Config } from './config.ts'
import { createSpecReader, type SpecReader } from './imports/spec-reader.ts'
import { type KeptStates, statesInMemory } from './live/request-states.ts'
import { createToolFinders } from './live/tool-finders.ts'
import { createCallWeigher } from './live/weigh-calls.ts'
import { type AccessTokens, createAccessTokens } from './mcp/access-tokens.ts'
import { createCallGate, type LeaseCalls } from './mcp/call-gate.ts'
import { fetchIssuerKeys } from './mcp/fetch-issuer-keys.ts'
import { createIssuerKeys } from './mcp/issuer-keys.ts'
import { createLoopDetector } from './mcp/loop-detector.ts'
import type { ServeDeps } from './mcp/run-call.ts'
import { VERSION } from './version.ts'

/** What every gateway needs to read documents and serve calls, whether its catalogs come from a store or from memory. */
export interface Serving {
  readonly egress: Egress
  readonly sandbox: Sandbox
  readonly specs: SpecReader
  readonly host: McpHost
  readonly serve: ServeDeps
  readonly accessTokens: AccessTokens
  readonly checkAllow: CheckAllow
  /** Once every call that has ended has been told. */
  readonly callsWeighed: () => Promise<void>
  /** Ends the calls in flight. */
  readonly giveUp: () => void
  readonly close: () => Promise<void>
}

export function createServing(
  config: Pick<Config, 'egressAllow' | 'callTimeoutMs' | 'sameCallsPerMinute' | 'mcpEngine'>,
  observe: Observe,
  kept: {
    readonly openSecret: OpenSecret
    /** Signs the session ids of MCP clients. */
    readonly sessionKey: Uint8Array
    readonly renewSecret: RenewSecret
    /** Absent: whoever serves a document serves their own. */
    readonly mayAllow?: typeof mayAllow
    readonly continuations?: Continuations
    /** Absent: this gateway keeps its own. */
    readonly states?: KeptStates
    /** Absent: this gateway counts for itself. */
    readonly leaseCalls?: LeaseCalls
    readonly isTraced?: boolean
    readonly noteLargeAnswer?: ServeDeps['noteLargeAnswer']
  },
): Serving {
  const egress = createEgress({
    allow: config.egressAllow,
    allowSetting: 'EGRESS_ALLOW',
    ...(kept.mayAllow ? { mayAllow: kept.mayAllow } : {}),
  })
  const sandbox = createSandbox({ onDisabled: (interceptor) => observe({ kind: 'interceptor.disabled', interceptor }) })
  const host = createMcpHost({
    version: VERSION,
    engine: config.mcpEngine,
    sessionKey: kept.sessionKey,
    onBug: (cause) => observe({ kind: 'bug', where: 'tools/call', cause }),
  })
  const specs = createSpecReader()
  const weigher = createCallWeigher()
  const stopping = new AbortController()
  const filterLimits = { maxNodes: LIMITS.filterNodes, maxBytes: LIMITS.responseBytes }
  return {
    egress,
    checkAllow: createCheckAllow(config.egressAllow),
    sandbox,
    specs,
    host,
    accessTokens: createAccessTokens(
      createIssuerKeys({ fetchKeys: (source) => fetchIssuerKeys(source, egress.send), observe }),
    ),
    serve: {
      calls: {
        send: egress.send,
        cache: createResponseCache(),
        openSecret: kept.openSecret,
        tokens: createTokens({ send: egress.send, ...kept }),
        // What curators wrote takes turns by workspace: none waits for all that another's scripts have to do.
        intercept: (interceptor, input, { deadline, workspaceId: owner }) =>
          sandbox.intercept(interceptor, input, { deadline, owner, maxBytes: LIMITS.responseBytes }),
        filter: (expression, body, { deadline, workspaceId: owner }) =>
          sandbox.filter(expression, body, { ...filterLimits, trusted: true, deadline, owner }),
        project: (expression, body, { deadline, signal, caller }) => {
          return sandbox.filter(expression, body, { ...filterLimits, deadline, signal, owner: caller.id })
        },
        faultOf: (expression) => faultOf(sandbox, expression),
        ...(kept.continuations ? { continuations: kept.continuations } : {}),
      },
      observe,
      callTimeoutMs: config.callTimeoutMs,
      loops: createLoopDetector(config.sameCallsPerMinute),
      finders: createToolFinders(),
      runCode: sandbox.runCode,
      states: kept.states ?? statesInMemory(),
      gate: createCallGate(kept.leaseCalls ?? unshared),
      weigh: weigher.weigh,
      isTraced: kept.isTraced,
      stopping: stopping.signal,
      ...(kept.noteLargeAnswer ? { noteLargeAnswer: kept.noteLargeAnswer } : {}),
    },
    callsWeighed: weigher.settled,
    giveUp: () => stopping.abort(),
    close: async () =>
      void (await Promise.all([host.close(), weigher.close(), egress.close(), sandbox.close(), specs.close()])),
  }
}

/** No other gateway takes from the same limit. */
const unshared: LeaseCalls = async ({ limit }) => ({ granted: limit, left: 0 })

function faultOf(sandbox: Sandbox, expression: string): string | undefined {
  try {
    sandbox.checkFilter(expression)
    return undefined
  } catch (error) {
    if (error instanceof FilterSyntaxError) return `${error.message}.`
    throw error
  }
}
