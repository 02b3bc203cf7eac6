import type { CallOutcome, Catalog, CatalogPrompt, CatalogResource } from '@sluice/contract'
import type { CallRequest, McpSession, Offers, ReadOutcome, ResourceContents } from '@sluice/mcp'
import { argumentNamed, argumentsOf } from '@sluice/openapi'
import { valuesOf } from './values-of.ts'

/** Calls a tool for who reads it. */
export type ReadTool = (name: string, args: unknown, request: CallRequest) => Promise<CallOutcome | undefined>

type SessionOffers = Pick<
  McpSession,
  'offers' | 'listResources' | 'findResource' | 'readResource' | 'templateValues' | 'listPrompts'
>

/** What a session has beside tools. `usable` are the resources that its caller may read, in order. */
export function sessionOffers(
  { prompts }: Pick<Catalog, 'prompts'>,
  usable: () => readonly CatalogResource[],
  readTool: ReadTool,
): SessionOffers {
  return {
    offers: () => offersOf(usable(), prompts),
    listPrompts: () => prompts,
    listResources: () => firstOfEach(usable()).filter((one) => one.kind === 'stored' || !one.tool.unlisted),
    findResource: (uri) => resourceAt(usable(), uri),
    readResource: async (uri, request) => {
      const found = findResource(firstOfEach(usable()), uri)
      if (!found) return undefined
      const { resource, args } = found
      if (resource.kind === 'stored') {
        const { mimeType, content } = resource
        return { ok: true, contents: [{ uri, mimeType, ...content }] }
      }
      const outcome = await readTool(resource.name, args, request)
      return outcome && toRead(uri, outcome)
    },
    templateValues: (template, name) => {
      const found = usable().find((one) => one.uri === template)
      if (found?.kind !== 'tool') return found && []
      const { inputSchema } = found.tool
      const argument = argumentNamed(inputSchema, name)
      return argument === undefined ? [] : valuesOf(inputSchema, argument)
    },
  }
}

/** What a URI reads. */
export function resourceAt(usable: readonly CatalogResource[], uri: string): CatalogResource | undefined {
  return findResource(firstOfEach(usable), uri)?.resource
}

function offersOf(usable: readonly CatalogResource[], prompts: readonly CatalogPrompt[]): Offers {
  const isAsked = ({ arguments: args }: CatalogPrompt) => args.length > 0
  return {
    resources: usable.length > 0,
    prompts: prompts.length > 0,
    completions: usable.some(({ uri }) => uri.includes('{')) || prompts.some(isAsked),
  }
}

/** Of one URI the server's own comes first, then the first tool's by name. */
function firstOfEach(usable: readonly CatalogResource[]): readonly CatalogResource[] {
  const first = new Map<string, CatalogResource>()
  for (const one of usable) {
    const known = first.get(one.uri)
    if (!known || (known.kind === 'tool' && one.kind === 'stored')) first.set(one.uri, one)
  }
  return first.size === usable.length ? usable : usable.filter((one) => first.get(one.uri) === one)
}

interface Found {
  readonly resource: CatalogResource
  readonly args: Readonly<Record<string, string>>
}

/** What has the very URI comes before templates that take it. */
function findResource(readable: readonly CatalogResource[], uri: string): Found | undefined {
  const exact = readable.find((one) => one.uri === uri && !one.uri.includes('{'))
  if (exact) return { resource: exact, args: {} }
  for (const resource of readable) {
    const args = resource.kind === 'tool' && argumentsOf(resource.tool, resource.uri, uri)
    if (args) return { resource, args }
  }
  return undefined
}

function toRead(uri: string, outcome: CallOutcome): ReadOutcome {
  if (!outcome.ok) return { ok: false, kind: outcome.kind, message: outcome.message }
  const { content, mimeType = 'text/plain' } = outcome
  return { ok: true, contents: content.map((block) => contentsOf(uri, block, mimeType)) }
}

type Block = Extract<CallOutcome, { ok: true }>['content'][number]

/** A block that is a document has a media type of its own. */
function contentsOf(uri: string, block: Block, mimeType: string): ResourceContents {
  if (block.type === 'text') return { uri, mimeType, text: block.text }
  if (block.type !== 'resource') return { uri, mimeType, blob: block.data }
  const { mimeType: own, text, blob = '' } = block.resource
  return { uri, mimeType: own, ...(text === undefined ? { blob } : { text }) }
}
