import {
  type Catalog,
  type CatalogComposite,
  type CatalogTool,
  type JsonSchema,
  type Operation,
  type ToolAnnotations,
  takingTurns,
} from '@sluice/contract'
import { createToolFinder, type FindableTool, type ToolFinder, type ToolWords, wordsOfTool } from '@sluice/discovery'
import { createAttachments } from '../attachments.ts'

/** Finds tools of a catalog; its index is built when it is first wanted, and kept as long as the catalog. */
export type ToolFinders = (catalog: Catalog) => Promise<ToolFinder>

export function createToolFinders(): ToolFinders {
  const finders = createAttachments<Catalog, Promise<ToolFinder>>()
  return (catalog) => {
    const known = finders.get(catalog)
    if (known) return known
    const built = createToolFinder(findableTools(catalog), takingTurns(), knownWords)
    finders.set(catalog, built)
    // What failed once is tried again.
    built.catch(() => finders.delete(catalog))
    return built
  }
}

function findableTools(catalog: Catalog): FindableTool[] {
  const listed = catalog.tools.filter(({ unlisted }) => !unlisted)
  return [...listed, ...catalog.composites.values()].map((one) => findable(catalog, one))
}

/** A tool or a composite as it is found and described; the same as long as it is the same. */
export function findable({ upstreams }: Catalog, one: CatalogTool | CatalogComposite): FindableTool {
  return made(one, 'operation' in one ? upstreams.get(one.upstreamId)!.slug : COMPOSITE)
}

/** Keeps the words of a tool while it is at hand as a whole, for when it is searched. */
export function learnWords(tool: CatalogTool, whole: CatalogTool, upstream: string): void {
  // Without the room for more that each list has while it grows.
  const words = Object.entries(wordsOfTool(new Findable(whole, upstream))).map(([field, terms]) => [
    field,
    terms.slice(),
  ])
  made(tool, upstream).words = Object.fromEntries(words) as unknown as ToolWords
}

function knownWords(tool: FindableTool): ToolWords {
  return (tool as Findable).words ?? wordsOfTool(tool)
}

function made(one: CatalogTool | CatalogComposite, upstream: string): Findable {
  const key = 'operation' in one ? one.operation : one
  const known = findables.get(key)
  if (known && known.upstream === upstream) return known
  const found = new Findable(one, upstream)
  findables.set(key, found)
  return found
}

/**
 * To make thousands anew for each kind of caller would hold up calls. A tool is known by its operation, which a copy that shows an icon
 * has, too.
 */
const findables = createAttachments<Operation | CatalogComposite, Findable>()

/** Schemas are the tool's own, which has them only while they are used. */
class Findable implements FindableTool {
  readonly name: string
  readonly title: string
  readonly description: string
  readonly tags: readonly string[]
  readonly annotations: ToolAnnotations
  readonly operation: Operation
  readonly upstream: string
  /** Where they are known already. */
  words: ToolWords | undefined
  readonly #one: CatalogTool | CatalogComposite

  constructor(one: CatalogTool | CatalogComposite, upstream: string) {
    const { name, title, description, tags, annotations } = one
    this.name = name
    this.title = title
    this.description = description
    this.tags = tags
    this.annotations = annotations
    this.operation =
      'operation' in one ? one.operation : { ...NO_OPERATION, method: annotations.readOnlyHint ? 'GET' : 'POST' }
    this.upstream = upstream
    this.#one = one
  }

  get wireSchema(): JsonSchema {
    return this.#one.wireSchema
  }

  get inputSchema(): JsonSchema {
    return this.#one.inputSchema
  }

  get answer(): string | undefined {
    return 'answer' in this.#one ? this.#one.answer : undefined
  }
}

/** Where the slug of an upstream would stand. */
const COMPOSITE = 'composite'

const NO_OPERATION: Operation = {
  method: '',
  path: '',
  summary: '',
  description: '',
  tags: [],
  deprecated: false,
  parameters: [],
  inputSchema: {},
  security: [],
  responses: [],
  declaredVersion: '',
}
