import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import type { Catalog, ServerMode } from '@sluice/contract'
import { encodeTool } from '@sluice/mcp'
import { countTokens } from '@sluice/tokenizer'
import { type OfferedTools, offerTools } from '../../apps/gateway/src/mcp/offer-tools.ts'
import { readDocument, SHARED, sharedDocuments } from '../corpus/corpus-documents.ts'
import { catalogOf } from '../support/sessions-of.ts'
import { ROOT } from '../support/spawned.ts'

/** What one document costs a model before it has done anything. Tokens of the list by mode, and of what a search says there is. */
export interface ListWeights extends Readonly<Record<ServerMode, number>> {
  readonly tools: number
  readonly inventory: number
}

/** The promise for any API, whatever its size. */
const MOST = { search: 1_500, code: 1_500, inventory: 500 } as const

/** Of every document of the corpus, and of ours; false where a list is longer than any may be. */
export async function weighAllLists(): Promise<boolean> {
  const own = { id: 'sluice-admin', read: () => readFileSync(join(ROOT, 'specs', 'admin.openapi.json'), 'utf8') }
  const real = sharedDocuments().map((one) => ({ id: one.id.replace('shared/', ''), read: () => readDocument(one) }))
  if (real.length === 0)
    console.log(`The corpus is not beside this clone (${SHARED}): only our own document is weighed.`)
  for (const file of leftOut()) console.log(`${file} is left out: it is no document of one file.`)
  console.log(row(['list of tools', 'tools', 'direct', 'search', 'code', 'inventory']))
  const faults: string[] = []
  for (const { id, read } of [own, ...real]) {
    const weights = weighLists(await catalogOf(read(), 'http://127.0.0.1', 'direct'))
    const { tools, direct, search, code, inventory } = weights
    console.log(row([id, ...[tools, direct, search, code, inventory].map((figure) => figure.toLocaleString('en'))]))
    faults.push(...tooHeavy(weights).map((fault) => `${id}: ${fault}`))
  }
  for (const fault of faults) console.log(fault)
  return faults.length === 0
}

function leftOut(): string[] {
  const read = new Set(sharedDocuments().map(({ file }) => basename(file)))
  return existsSync(SHARED) ? readdirSync(SHARED).filter((file) => !read.has(file)) : []
}

/** In o200k tokens, as the portable profile lists them. */
export function weighLists(catalog: Catalog): ListWeights {
  const offered = (mode: ServerMode) =>
    offerTools({ ...catalog, server: { ...catalog.server, mode } }, catalog.tools, [])
  const [direct, search, code] = [offered('direct'), offered('search'), offered('code')]
  return {
    tools: catalog.tools.length,
    direct: tokensOf(direct),
    search: tokensOf(search),
    code: tokensOf(code),
    inventory: countTokens(search.inventory),
  }
}

/** What is heavier than it may be, in words. */
export function tooHeavy(weights: ListWeights): string[] {
  return (['search', 'code', 'inventory'] as const)
    .filter((part) => weights[part] > MOST[part])
    .map((part) => `${part} is ${weights[part]} tokens; ${MOST[part]} are the most.`)
}

/** Tool by tool, so that it is exact for any list; what no model is shown (`_meta`) is left out. */
function tokensOf({ listed }: OfferedTools): number {
  const client = { name: 'bench', schema: 'portable' } as const
  return listed.reduce((sum, tool) => {
    const { _meta, ...shown } = encodeTool(tool, client, 'modern')
    return sum + countTokens(JSON.stringify(shown))
  }, 0)
}

function row(cells: readonly string[]): string {
  return cells.map((cell, at) => (at === 0 ? cell.padEnd(20) : cell.padStart(12))).join('')
}
