import type { Neighbours } from './find-neighbours.ts'
import type { ToolIndex } from './index-tools.ts'
import { judgeFit, readWish, SYNONYM_WORTH, type Wish } from './judge-fit.ts'
import { isPlainVerb } from './read-intent.ts'
import { sentencesOf, splitWishes } from './split-wishes.ts'
import { QUALIFIERS, SMALL_TALK } from './stop-words.ts'
import { synonymsOf } from './synonyms.ts'
import { stem, termsOf } from './words.ts'

/** Positions of tools, the best first, for what somebody says that they want; `accepts` is asked of each tool once. */
export function rankTools(
  { index, neighbours }: Findable,
  text: string,
  limit: number,
  accepts: (position: number) => boolean,
): number[] {
  const terms = weighTerms(text).map((term) => ({ ...term, ...worthOf(index, term, accepts) }))
  const wishes = splitWishes(text)
  const wish = readWish(text)
  const whole = scoreWish(index, wish, terms)
  const scores = wishes.length > 1 ? joinScores(whole, scoreWishes(index, wishes, terms), wishes.length) : whole
  raiseNeighbours({ index, neighbours }, text, scores, accepts)
  if (scores.size === 0 && wish.intent.isOwn) return whoAmI(index, accepts, limit)
  return pick(index, wish, { terms, scores }, limit)
}

/** Of who asks about themselves and nothing else. */
function whoAmI({ facts, tools }: ToolIndex, accepts: (position: number) => boolean, limit: number): number[] {
  const own = facts.keys().filter((at) => facts[at]!.isOwn && tools[at]!.operation.method === 'GET' && accepts(at))
  return [...own].sort((a, b) => facts[a]!.segments - facts[b]!.segments || a - b).slice(0, limit)
}

/** Tools with what they are found by. */
export interface Findable {
  readonly index: ToolIndex
  readonly neighbours: Neighbours
}

/** A term of what is asked, and what it is worth at each tool. */
interface Term {
  readonly term: string
  readonly weight: number
  readonly worth: Float32Array
  /** Its highest. */
  readonly most: number
}

/** Scores by position; what scores nothing is not there. */
type Scores = Map<number, number>

/** What is asked tells more than why; what a thing is, more than the verb. A question may have an answer. */
function weighTerms(text: string): Array<Pick<Term, 'term' | 'weight'>> {
  const weights = new Map<string, number>()
  const sentences = sentencesOf(text)
  for (const sentence of sentences) {
    const asks = sentences.length === 1 || ASKS.test(sentence.trim()) ? 1 : 0.84
    for (const term of termsOf(sentence)) {
      const weight = asks * tellingOf(term)
      weights.set(term, Math.max(weights.get(term) ?? 0, weight))
    }
  }
  if (QUESTION.test(text)) for (const term of ANSWER) if (!weights.has(term)) weights.set(term, 0.6)
  return [...weights].map(([term, weight]) => ({ term, weight }))
}

/** A word for a thing tells most. */
function tellingOf(term: string): number {
  if (isPlainVerb(term) || SMALL_TERMS.has(term)) return 0.5
  return QUALIFYING_TERMS.has(term) ? 0.75 : 1
}

const ASKS = /\?|^(?:please|can|could|find|get|show|list|retrieve|give|help|fetch|tell|i need|i want|i'd like)/i
const QUESTION = /\b(?:how (?:many|much|long|far)|what|when|who|where|which|calculate)\b/i
const ANSWER = termsOf('answer question')
const SMALL_TERMS = new Set([...SMALL_TALK].map(stem))
const QUALIFYING_TERMS = new Set([...QUALIFIERS].map(stem))

/** What a term, or what may stand for it, is worth at each tool. */
function worthOf(
  { tools, postings, rarity }: ToolIndex,
  { term, weight }: Pick<Term, 'term' | 'weight'>,
  accepts: (position: number) => boolean,
): Pick<Term, 'worth' | 'most'> {
  const worth = new Float32Array(tools.length)
  let most = 0
  for (const variant of [term, ...synonymsOf(term)]) {
    const posting = postings.get(variant)
    if (!posting) continue
    const each = rarity(variant) * weight * (variant === term ? 1 : SYNONYM_WORTH)
    for (const [at, position] of posting.tools.entries()) {
      const value = each * posting.worth[at]!
      if (value <= worth[position]! || !accepts(position)) continue
      worth[position] = value
      if (value > most) most = value
    }
  }
  return { worth, most }
}

/** How well each tool answers one wish: by the terms that they share, and how else it fits. Only the best are looked at closely. */
function scoreWish(index: ToolIndex, wish: Wish, terms: readonly Term[]): Scores {
  const sums = new Float32Array(index.tools.length)
  for (const { worth } of terms) for (let at = 0; at < sums.length; at++) sums[at]! += worth[at]!
  const least = leastOfBest(sums, CLOSELY)
  const scores: Scores = new Map()
  for (const [position, sum] of sums.entries()) {
    if (sum > 0 && sum >= least) scores.set(position, sum * judgeFit(wish, position, index))
  }
  return scores
}

const CLOSELY = 300

/** What a score must be at least to be among the best `count`: thousands are counted by their height, and only few sorted. */
function leastOfBest(sums: Float32Array, count: number): number {
  let most = 0
  for (const sum of sums) if (sum > most) most = sum
  const heights = new Uint32Array(STEPS + 1)
  const height = (sum: number) => Math.floor((sum / most) * STEPS)
  for (const sum of sums) if (sum > 0) heights[height(sum)]!++
  let step = STEPS
  for (let left = count - heights[step]!; left > 0 && step > 0; left -= heights[step]!) step--
  const scored = sums.filter((sum) => sum > 0 && height(sum) >= step)
  return scored.length < count ? 0 : scored.sort().at(-count)!
}

const STEPS = 500

/**
 * The best that a tool does for any of the wishes. A wish that little fits counts for less, but not for nothing; the tool that fits
 * one without a rival is the surest.
 */
function scoreWishes(index: ToolIndex, wishes: readonly string[], terms: readonly Term[]): Scores {
  const best: Scores = new Map()
  for (const wish of wishes) {
    const own = new Set(termsOf(wish))
    const scores = scoreWish(
      index,
      readWish(wish),
      terms.filter(({ term }) => own.has(term)),
    )
    const [first = 0, second = 0] = [...scores.values()].sort((a, b) => b - a)
    const most = Math.max(Number.MIN_VALUE, first)
    const scale = 1 / Math.sqrt(most)
    const certain = 1 + CERTAINTY * (1 - second / most)
    for (const [position, score] of scores) {
      const value = score * scale * (score === first ? certain : 1)
      best.set(position, Math.max(best.get(position) ?? 0, value))
    }
  }
  return best
}

const CERTAINTY = 0.5

/** The more is asked for at once, the less what fits it as a whole tells. */
function joinScores(whole: Scores, single: Scores, wishes: number): Scores {
  const scale = highest(whole) / highest(single)
  const joined: Scores = new Map()
  for (const position of new Set([...whole.keys(), ...single.keys()])) {
    const apart = (single.get(position) ?? 0) * scale
    joined.set(position, (whole.get(position) ?? 0) / wishes + apart * (1 - 1 / wishes))
  }
  return joined
}

function highest(scores: Scores): number {
  return Math.max(Number.MIN_VALUE, ...scores.values())
}

/** Beside what is asked stands what it needs: who gives the ids, and what finds a thing by its name. */
function raiseNeighbours(
  { index, neighbours }: Findable,
  text: string,
  scores: Scores,
  accepts: (position: number) => boolean,
): void {
  const best = inOrder(scores)
  const raise = (position: number, score: number) => scores.set(position, Math.max(scores.get(position) ?? 0, score))
  const [top] = best
  if (top === undefined) return
  const needsOthers = index.facts[top]!.expressions.length > 0 || index.tools[top]!.operation.method !== 'GET'
  const search =
    NAMES_SOMETHING.test(text) && needsOthers ? best.find((position) => neighbours.isSearch(position)) : undefined
  if (search !== undefined) raise(search, 0.6 * scores.get(top)!)
  for (const position of inOrder(scores).slice(0, 3)) {
    const giver = neighbours.giverFor(position)
    if (giver !== undefined && accepts(giver)) raise(giver, 0.42 * scores.get(position)!)
  }
}

/** Something in quotes, or a capital letter inside a sentence. */
const NAMES_SOMETHING = /["'“‘][^"'”’]{2,}["'”’]|(?<=[a-z,] )[A-Z][a-z]+/

function inOrder(scores: Scores): number[] {
  return [...scores.keys()].sort((a, b) => scores.get(b)! - scores.get(a)! || a - b)
}

interface Found {
  readonly terms: readonly Term[]
  readonly scores: Scores
}

/**
 * One after the other: what the tools before have answered counts no more, so that the rest of what is asked is met as well.
 * Chosen among the best alone, whatever the limit is, so that a page goes on where the one before it ended.
 */
function pick(index: ToolIndex, wish: Wish, { terms, scores }: Found, limit: number): number[] {
  const ordered = inOrder(scores)
  const open = ordered.slice(0, CHOSEN_AMONG)
  const fits = new Map(open.map((position) => [position, judgeFit(wish, position, index)]))
  const left = terms.map(({ worth, most }) => ({ worth, most, share: 1 }))
  const value = (position: number) => {
    const unmet = left.reduce((sum, { worth, share }) => sum + worth[position]! * share, 0)
    return unmet * fits.get(position)! * 0.5 + scores.get(position)! * 0.5
  }
  const picked: number[] = []
  while (picked.length < limit && open.length > 0) {
    const values = open.map(picked.length === 0 ? (position) => scores.get(position)! : value)
    const [position] = open.splice(values.indexOf(Math.max(...values)), 1)
    picked.push(position!)
    for (const term of left) if (term.most > 0) term.share *= 1 - term.worth[position!]! / term.most
  }
  return [...picked, ...ordered.slice(CHOSEN_AMONG)].slice(0, limit)
}

const CHOSEN_AMONG = 60
