import { checkArguments } from '@sluice/calls'
import { CallFailure, type CallOutcome, type Catalog, type ListedTool } from '@sluice/contract'
import {
  CALL_TOOL,
  DESCRIBE_TOOL,
  type DescribeRequest,
  describeTools,
  type FindableTool,
  PAGE,
  searchTool,
  type ToolFilter,
  tellFound,
  unknownTool,
} from '@sluice/discovery'
import type { ToolFinders } from '../live/tool-finders.ts'
import { type OfferedTools, upstreamOf } from './offer-tools.ts'

/** Answers one of our own tools from what is in memory. */
export type MetaTool = (args: unknown) => Promise<CallOutcome>

interface MetaDeps {
  readonly catalog: Catalog
  readonly offered: OfferedTools
  readonly finders: ToolFinders
}

/** Search and description; what they say of tools that this caller may not see is what they say of those that there are not. */
export function metaTool(
  name: string,
  deps: MetaDeps,
): { readonly tool: ListedTool; readonly answer: MetaTool } | undefined {
  if (deps.offered.mode === 'direct') return undefined
  const search = searchTool(deps.offered.inventory)
  if (name === search.name) return { tool: search, answer: (args) => telling(() => searchTools(search, args, deps)) }
  if (name === DESCRIBE_TOOL.name)
    return { tool: DESCRIBE_TOOL, answer: (args) => telling(async () => describe(args, deps)) }
  return undefined
}

/** The tool that `call_tool` is asked for, and its arguments. */
export interface Inner {
  readonly name: string
  readonly args: unknown
}

/** @throws CallFailure of kind `arguments` */
export function innerCall(args: unknown): Inner {
  const { name, arguments: inner = {} } = checkArguments(CALL_TOOL.inputSchema, args) as {
    name: string
    arguments?: unknown
  }
  return { name, args: inner }
}

/** The same for a tool that there is not and one that this caller may not use. */
export function noSuchTool(name: string, { seen }: OfferedTools): CallOutcome {
  return { ok: false, kind: 'arguments', message: `${unknownTool(name, seen.keys())} Nothing was sent.` }
}

async function searchTools(
  { inputSchema }: ListedTool,
  args: unknown,
  { catalog, offered, finders }: MetaDeps,
): Promise<string> {
  const asked = checkArguments(inputSchema, args) as SearchArguments
  const { query = '', page = 1, read_only: readOnly, tag, upstream, method } = asked
  const given = Object.entries({ tag, upstream, method, readOnly }).filter(([, value]) => value !== undefined)
  const filter: ToolFilter = Object.fromEntries(given)
  const request = { query, ...filter, offset: (page - 1) * PAGE, limit: PAGE }
  const finder = await finders(catalog)
  const found = finder.search(request, (name) => offered.seen.has(name))
  return tellFound(found, request, offered.inventory, offered.mode === 'code' ? 'run_code' : 'call_tool')
}

interface SearchArguments extends Omit<ToolFilter, 'readOnly'> {
  readonly query?: string
  readonly page?: number
  readonly read_only?: boolean
}

function describe(args: unknown, { catalog, offered }: MetaDeps): string {
  const {
    names,
    format = 'signature',
    path,
  } = checkArguments(DESCRIBE_TOOL.inputSchema, args) as unknown as DescribeArguments
  const find = (name: string): FindableTool | undefined => {
    const tool = offered.seen.get(name)
    return tool && { ...tool, upstream: upstreamOf(catalog, tool) }
  }
  return describeTools({ names, format, ...(path === undefined ? {} : { path }) }, find, () => offered.seen.keys())
}

type DescribeArguments = Pick<DescribeRequest, 'names' | 'path'> & Partial<Pick<DescribeRequest, 'format'>>

async function telling(tell: () => Promise<string>): Promise<CallOutcome> {
  try {
    return { ok: true, status: 200, content: [{ type: 'text', text: await tell() }] }
  } catch (error) {
    if (error instanceof CallFailure) return error.outcome
    throw error
  }
}
