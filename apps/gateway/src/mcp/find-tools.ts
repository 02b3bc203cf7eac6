import { checkArguments } from '@sluice/calls'
import { type ListedTool, takingTurns } from '@sluice/contract'
import {
  DESCRIBE_TOOL,
  type DescribeRequest,
  describeTools,
  type FindableTool,
  PAGE,
  type ToolFilter,
  tellFound,
} from '@sluice/discovery'
import { findable } from '../live/tool-finders.ts'
import type { CallingSession } from './direct-call.ts'

/** What fits, of what this caller may use. @throws CallFailure of kind `arguments` */
export async function searchTools(
  { inputSchema }: ListedTool,
  args: unknown,
  { catalog, offered, deps }: CallingSession,
): Promise<string> {
  const asked = checkArguments(inputSchema, args) as SearchArguments
  const { query = '', page = 1, read_only: readOnly, tag, upstream, method } = asked
  const given = Object.entries({ tag, upstream, method, readOnly }).filter(([, value]) => value !== undefined)
  const filter: ToolFilter = Object.fromEntries(given)
  const request = { query, ...filter, offset: (page - 1) * PAGE, limit: PAGE }
  const { seen, inventory, mode } = offered()
  const finder = await deps.finders(catalog)
  const turn = takingTurns()
  const found = finder.search(request, (name) => seen.has(name))
  // Looking through many tools takes a while, and telling of a few another.
  await turn()
  return tellFound(found, request, inventory, mode === 'code' ? 'run_code' : 'call_tool')
}

interface SearchArguments extends Omit<ToolFilter, 'readOnly'> {
  readonly query?: string
  readonly page?: number
  readonly read_only?: boolean
}

/** What is said of tools that this caller may not see is what is said of those that there are not. @throws CallFailure */
export function describe(args: unknown, { catalog, offered }: CallingSession): string {
  const asked = checkArguments(DESCRIBE_TOOL.inputSchema, args) as unknown as DescribeArguments
  const { names, format = 'signature', path } = asked
  const { seen } = offered()
  const find = (name: string): FindableTool | undefined => {
    const tool = seen.get(name)
    return tool && findable(catalog, tool)
  }
  return describeTools({ names, format, ...(path === undefined ? {} : { path }) }, find, () => seen.keys())
}

type DescribeArguments = Pick<DescribeRequest, 'names' | 'path'> & Partial<Pick<DescribeRequest, 'format'>>
