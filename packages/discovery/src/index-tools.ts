import { expressionsOf, FIELDS, type Field, type FindableTool, type ToolWords, termsOfName } from './tool-words.ts'
import { createVocabulary, type Vocabulary } from './vocabulary.ts'

/** Where a term stands: positions in the list of tools, and what it is worth there. */
export interface Posting {
  readonly tools: number[]
  readonly worth: number[]
  /** How much the term tells: what few tools have tells most. */
  rarity: number
}

/** What ranking looks at in a tool beside its terms. */
export interface ToolFacts {
  /** Literal parts of its path, the last one weighing most. */
  readonly heads: ReadonlyArray<readonly [term: string, weight: number]>
  readonly title: readonly string[]
  /** Terms as they stand together in its title, path and name. */
  readonly phrases: readonly string[]
  /** Terms of the last expression in its path. */
  readonly lastExpression: readonly string[]
  readonly expressions: readonly string[]
  readonly endsInExpression: boolean
  readonly segments: number
  /** Its path asks for all that there are. */
  readonly isAll: boolean
  /** Its path speaks of who calls. */
  readonly isOwn: boolean
}

/** Tools by the words that they can be found by (BM25F). */
export interface ToolIndex {
  readonly tools: readonly FindableTool[]
  readonly postings: ReadonlyMap<string, Posting>
  readonly facts: readonly ToolFacts[]
  /** Of a term; none tells more than one that no tool has. */
  readonly rarity: (term: string) => number
  /** Positions of the tools of that name, before those whose operation is called so. */
  readonly named: ReadonlyMap<string, readonly number[]>
  readonly vocabulary: Vocabulary
}

/** Waited for between pieces of the work, so that other work may go on. */
export type Pause = () => Promise<void>

/** Some take less than a millisecond; to wait after each would take longer than some of the work. */
const TOGETHER = 16

export async function indexTools(
  tools: readonly FindableTool[],
  pause: Pause,
  wordsOf: (tool: FindableTool) => ToolWords,
): Promise<ToolIndex> {
  const words: ToolWords[] = []
  const facts: ToolFacts[] = []
  const lengths = perField(() => 0)
  for (const [position, tool] of tools.entries()) {
    if (position % TOGETHER === 0) await pause()
    const found = wordsOf(tool)
    words.push(found)
    facts.push(factsOf(tool, found))
    for (const field of FIELD_NAMES) lengths[field] += found[field].length
  }
  const averages = perField((field) => Math.max(1, lengths[field] / Math.max(1, tools.length)))
  const postings = new Map<string, Posting>()
  for (const [position, found] of words.entries()) {
    if (position % TOGETHER === 0) await pause()
    addPostings(postings, position, found, averages)
  }
  const rarityOf = (having: number) => Math.log(1 + (tools.length - having + 0.5) / (having + 0.5))
  for (const posting of postings.values()) {
    posting.rarity = rarityOf(posting.tools.length)
    saturate(posting)
  }
  const rarest = rarityOf(0)
  await pause()
  const named = await positionsByName(tools, pause)
  await pause()
  const vocabulary = createVocabulary(postings)
  return { tools, postings, facts, rarity: (term) => postings.get(term)?.rarity ?? rarest, named, vocabulary }
}

async function positionsByName(tools: readonly FindableTool[], pause: Pause): Promise<Map<string, number[]>> {
  const named = new Map<string, number[]>()
  const add = (name: string, position: number) => {
    const known = named.get(name)
    if (!known) named.set(name, [position])
    else if (!known.includes(position)) known.push(position)
  }
  for (const [position, { name }] of tools.entries()) {
    if (position % TOGETHER === 0) await pause()
    add(name, position)
  }
  for (const [position, { operation }] of tools.entries()) {
    if (position % TOGETHER === 0) await pause()
    if (operation.operationId !== undefined) add(operation.operationId, position)
  }
  return named
}

const FIELD_NAMES = Object.keys(FIELDS) as Field[]

function perField(figureOf: (field: Field) => number): Record<Field, number> {
  return Object.fromEntries(FIELD_NAMES.map((field) => [field, figureOf(field)])) as Record<Field, number>
}

/** A term counts less in a long field. */
function addPostings(
  postings: Map<string, Posting>,
  position: number,
  words: ToolWords,
  averages: Readonly<Record<Field, number>>,
): void {
  for (const field of FIELD_NAMES) {
    const terms = words[field]
    const each = FIELDS[field] / (1 - LENGTH_MATTERS + (LENGTH_MATTERS * terms.length) / averages[field])
    for (const term of terms) {
      const { tools, worth } = postingOf(postings, term)
      const last = tools.length - 1
      if (tools[last] === position) worth[last]! += each
      else {
        tools.push(position)
        worth.push(each)
      }
    }
  }
}

/** And less each time it comes again. */
function saturate({ worth }: Posting): void {
  for (const [at, count] of worth.entries()) worth[at] = count / (SATURATION + count)
}

function postingOf(postings: Map<string, Posting>, term: string): Posting {
  const known = postings.get(term)
  if (known) return known
  const made: Posting = { tools: [], worth: [], rarity: 0 }
  postings.set(term, made)
  return made
}

/** The `b` and `k1` of BM25. */
const LENGTH_MATTERS = 0.6
const SATURATION = 1.2

function factsOf({ operation: { path } }: FindableTool, words: ToolWords): ToolFacts {
  const expressions = expressionsOf(path)
  return {
    heads: headsOf(words),
    title: [...new Set(words.title)],
    phrases: [...words.title, ...words.tail, ...words.name],
    lastExpression: termsOfName(expressions.at(-1) ?? ''),
    expressions,
    endsInExpression: /\}[^/]*$/.test(path),
    segments: path.split('/').filter(Boolean).length,
    isAll: /\/all\/?$/i.test(path),
    isOwn: /\/@?(?:me|my|user|self|current)(?:\/|$)/.test(path),
  }
}

function headsOf({ path, tail }: ToolWords): ToolFacts['heads'] {
  const heads = new Map<string, number>()
  for (const term of path) heads.set(term, 1 - TAIL_SHARE)
  for (const term of tail) heads.set(term, TAIL_SHARE)
  return [...heads]
}

const TAIL_SHARE = 0.7
