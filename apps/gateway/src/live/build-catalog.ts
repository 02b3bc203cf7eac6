import { offerProjection } from '@sluice/calls'
import type { ArgumentEdit, BoundSecret, Catalog, CatalogTool, CatalogUpstream, FixedArgument } from '@sluice/contract'
import { editArguments, editHints, prepareOperation, readDefinition } from '@sluice/openapi'
import { stringifyJson } from '@sluice/schema'
import type { CatalogOutline, CatalogRows, CatalogToolRow } from '@sluice/store'
import { answerSchema, knownAnswer } from './answer-schema.ts'
import { listComposites } from './list-composites.ts'
import { listResources } from './list-resources.ts'

/** The immutable snapshot that calls are served from. Tools are in order of their names: every list of one revision is the same. */
export function buildCatalog(rows: CatalogRows): Catalog {
  const byId = new Map(rows.upstreams.map((one) => [one.id, one]))
  return assembleCatalog(
    rows,
    rows.tools.map((row) => {
      const { icon, ...tool } = toTool(row, byId.get(row.upstreamId)!, rows.secrets)
      return { tool, icon }
    }),
  )
}

/** A tool, and its icon apart from it. */
export interface MadeTool {
  readonly tool: Omit<CatalogTool, 'icon'>
  readonly icon: string | undefined
}

/** The same of tools that are made already. */
export function assembleCatalog(outline: CatalogOutline, made: readonly MadeTool[]): Catalog {
  const icon = sharedIcon(made)
  const shown: CatalogTool[] = made.map((one) => (one.icon === icon ? one.tool : withIcon(one)))
  const ordered = shown.toSorted((a, b) => (a.name < b.name ? -1 : 1))
  return {
    server: icon === undefined ? outline.server : { ...outline.server, icon },
    tools: ordered,
    byName: new Map(ordered.map((tool) => [tool.name, tool])),
    composites: listComposites(outline.composites, ordered),
    upstreams: new Map(outline.upstreams.map((one) => [one.id, { ...one, ...originOf(one.baseUrl) }])),
    resources: listResources(outline.resources, ordered, outline.tools),
    prompts: outline.prompts.toSorted((a, b) => (a.name < b.name ? -1 : 1)),
  }
}

/** What all tools show is the icon of their server, and told once. */
function sharedIcon([first, ...others]: readonly MadeTool[]): string | undefined {
  return first && others.every(({ icon }) => icon === first.icon) ? first.icon : undefined
}

/** As it is otherwise: what it reads when it is wanted, it goes on to. */
function withIcon({ tool, icon }: MadeTool): CatalogTool {
  return Object.defineProperties({ icon } as CatalogTool, Object.getOwnPropertyDescriptors(tool))
}

function originOf(baseUrl: string): Pick<CatalogUpstream, 'origin'> {
  return URL.canParse(baseUrl) ? { origin: new URL(baseUrl).origin } : {}
}

/** One tool with its curator's edits. */
export function toTool(row: CatalogToolRow, upstream: CatalogUpstream, secrets: CatalogRows['secrets']): CatalogTool {
  const definition = readDefinition(row.definition)
  const { inputSchema, wireSchema } = editArguments(definition, row.argumentEdits)
  const tool: CatalogTool = {
    id: row.id,
    upstreamId: row.upstreamId,
    name: row.name,
    title: row.title ?? definition.title,
    description: row.description ?? definition.description,
    ...(definition.icon === undefined ? {} : { icon: definition.icon }),
    annotations: editHints(definition.annotations, row.annotations ?? {}),
    wireSchema,
    inputSchema,
    operation: definition.operation,
    prepared: prepareOperation(definition.operation),
    operationVersion: row.operationVersion,
    ...(row.specRevision === null ? {} : { specRevision: row.specRevision }),
    fixedArguments: Object.fromEntries(
      Object.entries(row.argumentEdits).flatMap(([name, edit]) => fixedBy(name, edit, secrets)),
    ),
    tags: row.tags,
    unlisted: row.unlisted,
    pinned: row.pinned,
    steps: row.steps,
    hasLargeAnswers: row.hasLargeAnswers,
    ...(row.responseFilter === null ? {} : { responseFilter: row.responseFilter }),
    ...(row.cache === null ? {} : { cache: row.cache }),
    ...(row.structuredContent ? { outputSchema: answerSchema(row, upstream, definition) } : {}),
    ...answerOf(row, upstream, definition),
    tokens: row.tokens,
  }
  return row.offersProjection ? offerProjection(tool) : tool
}

/** As text: it is read only where a tool is shown. */
function answerOf(...about: Parameters<typeof knownAnswer>): Pick<CatalogTool, 'answer'> {
  const known = knownAnswer(...about)
  return known ? { answer: stringifyJson(known) } : {}
}

function fixedBy(
  name: string,
  edit: ArgumentEdit,
  secrets: ReadonlyMap<string, BoundSecret>,
): Array<[string, FixedArgument]> {
  if ('value' in edit) return [[name, { value: edit.value }]]
  // A secret cannot be deleted while a tool has it.
  return 'secret' in edit ? [[name, secrets.get(edit.secret)!]] : []
}
