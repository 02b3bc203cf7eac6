import type {
  Caller,
  CallOutcome,
  Catalog,
  CatalogResource,
  CatalogTool,
  HeaderList,
  ToolRights,
} from '@sluice/contract'
import { CALL_TOOL } from '@sluice/discovery'
import type { CallRequest, McpSession, RequestStates } from '@sluice/mcp'
import { isRecord } from '@sluice/schema'
import { createAttachments } from '../attachments.ts'
import type { KeptStates } from '../live/request-states.ts'
import { type CallingSession, callDirect } from './direct-call.ts'
import { type OfferedTools, offerTools } from './offer-tools.ts'
import { callComposite, callOwn } from './own-tools.ts'
import { callNothing } from './refuse-name.ts'
import type { GatedCall, ServeDeps } from './run-call.ts'
import { scopeOf } from './scope-of.ts'
import { resourceAt, sessionOffers } from './session-offers.ts'
import type { TraceContext } from './trace-call.ts'

/** The one place that decides which tools a caller may use: listing, finding and calling all ask it (S66). */
export function mayUse({ rights }: Pick<Caller, 'rights'>, tool: Rated): boolean {
  return rights === undefined || rights.some((some) => gives(some, tool))
}

/** What rights look at. */
type Rated = Pick<CatalogTool, 'id' | 'tags' | 'annotations'>

function gives({ tools, tags, readOnly }: ToolRights, tool: Rated): boolean {
  if (readOnly && !tool.annotations.readOnlyHint) return false
  if (!tools && !tags) return true
  return (tools?.has(tool.id) ?? false) || tool.tags.some((tag) => tags?.has(tag) ?? false)
}

/** The scopes of an access token that could use a tool which this caller's may not; nothing where scopes are not what is missing. */
export function scopesFor(catalog: Catalog, caller: Caller, name: string): readonly string[] | undefined {
  const tool = catalog.byName.get(name)
  return tool && !mayUse(caller, tool) ? offerFor(caller, tool) : undefined
}

/** The same for what is read by a URI. */
export function scopesToRead(catalog: Catalog, caller: Caller, uri: string): readonly string[] | undefined {
  if (resourceAt(readableBy(catalog, caller), uri)) return undefined
  const offered = catalog.resources.filter((one) => one.kind === 'tool' && offerFor(caller, one.tool))
  const resource = resourceAt(offered, uri)
  return resource?.kind === 'tool' ? offerFor(caller, resource.tool) : undefined
}

/** The tool that a call is of in the end. */
export function calledTool(name: string, args: unknown): string {
  return name === CALL_TOOL.name && isRecord(args) && typeof args.name === 'string' ? args.name : name
}

function offerFor({ offers }: Caller, tool: CatalogTool): readonly string[] | undefined {
  return offers?.find(({ rights }) => mayUse({ rights: [rights] }, tool))?.scopes
}

function readableBy({ resources }: Catalog, caller: Caller): readonly CatalogResource[] {
  return resources.filter((one) => one.kind === 'stored' || mayUse(caller, one.tool))
}

/** The HTTP request that a session is of. */
interface SessionRequest {
  readonly headers?: () => HeaderList
  readonly onRate?: GatedCall['onRate']
  readonly traceContext?: TraceContext | undefined
}

/** No tool of a catalog asks the client for anything. */
export interface CatalogSession extends McpSession {
  readonly callTool: (name: string, args: unknown, request: CallRequest) => Promise<CallOutcome | undefined>
}

/** What one caller may do on one server, for the length of one request; it keeps the catalog it began with. */
export function openSession(
  catalog: Catalog,
  caller: Caller,
  deps: ServeDeps,
  { headers, onRate, traceContext }: SessionRequest = {},
): CatalogSession {
  const scope = scopeOf(catalog, caller)
  const offered = () => offeredTo(scope, catalog, caller)
  const usable = (name: string) => {
    const tool = catalog.byName.get(name)
    return tool && mayUse(caller, tool) ? tool : undefined
  }
  const usableComposite = (name: string) => {
    const composite = catalog.composites.get(name)
    return composite && mayUse(caller, composite) ? composite : undefined
  }
  const session: CallingSession = {
    catalog,
    caller,
    deps,
    usable,
    usableComposite,
    offered,
    headers,
    onRate,
    traceContext,
  }
  return {
    server: () => offered().server,
    principal: caller.id,
    states: statesOf(catalog, caller, deps.states),
    scope,
    listTools: () => offered().listed,
    findTool: (name) => usable(name) ?? usableComposite(name) ?? offered().listed.find((tool) => tool.name === name),
    callTool: async (name, args, request) =>
      callDirect(session, name, args, request) ??
      callComposite(session, name, args, request) ??
      callOwn(session, name, args, request) ??
      callNothing(session, name, args, request),
    ...sessionOffers(
      catalog,
      () => readableBy(catalog, caller),
      async (name, args, request) => callDirect(session, name, args, request, { reader: 'resource', road: 'resource' }),
    ),
  }
}

function statesOf({ server }: Catalog, { id: callerId, workspaceId }: Caller, states: KeptStates): RequestStates {
  const owner = { workspaceId, serverId: server.id, callerId }
  return { keep: (text) => states.keep(owner, text), take: (handle) => states.take(owner, handle) }
}

/** For callers that see the same it is made once. */
function offeredTo(scope: object, catalog: Catalog, caller: Caller): OfferedTools {
  const known = OFFERED.get(scope)
  if (known) return known
  const mine = <T extends Rated>(all: readonly T[]) => (caller.rights ? all.filter((one) => mayUse(caller, one)) : all)
  const made = offerTools(catalog, mine(catalog.tools), mine([...catalog.composites.values()]))
  OFFERED.set(scope, made)
  return made
}

const OFFERED = createAttachments<object, OfferedTools>()
