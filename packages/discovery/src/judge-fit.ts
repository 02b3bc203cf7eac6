import type { ToolFacts, ToolIndex } from './index-tools.ts'
import { type Intent, readIntent } from './read-intent.ts'
import { synonymsOf } from './synonyms.ts'
import { isPlural, stem, termsOf, wordsOf } from './words.ts'

/** What a wish says that a tool can fit well or badly, beside the words that it is found by. */
export interface Wish {
  readonly intent: Intent
  /** How well a term is met: its own words wholly, what stands for them in part. */
  readonly met: ReadonlyMap<string, number>
  /** Terms of which several are meant. */
  readonly plural: ReadonlySet<string>
  /** Terms that stand together. */
  readonly pairs: ReadonlyArray<readonly [string, string]>
}

export const SYNONYM_WORTH = 0.6

export function readWish(text: string): Wish {
  const terms = termsOf(text)
  const met = new Map<string, number>()
  for (const term of terms) for (const other of synonymsOf(term)) met.set(other, SYNONYM_WORTH)
  for (const term of terms) met.set(term, 1)
  const plural = new Set(wordsOf(text).filter(isPlural).map(stem))
  return { intent: readIntent(text), met, plural, pairs: terms.slice(1).map((term, at) => [terms[at]!, term] as const) }
}

/** A factor by which a tool's score is multiplied. */
export function judgeFit(wish: Wish, position: number, index: ToolIndex): number {
  const facts = index.facts[position]!
  const { operation } = index.tools[position]!
  return (
    fitOfMethod(wish.intent, operation.method) *
    fitOfPath(wish, facts, index) *
    fitOfTitle(wish, facts, index) *
    fitOfPlace(wish, operation.method, facts) *
    (operation.deprecated ? 0.7 : 1) *
    (facts.isAll && !wish.intent.wantsList ? 0.6 : 1)
  )
}

function fitOfMethod({ leading, methods }: Intent, method: string): number {
  const unasked = method === 'DELETE' && !methods.has('DELETE') ? 0.56 : 1
  if (leading.has(method)) return 1.8 * unasked
  if (methods.has(method)) return 1.21 * unasked
  return (leading.size > 0 ? 0.9 : 1) * unasked
}

/** A short path that the wish names beats a long one of which it names a part. */
function fitOfPath(wish: Wish, { heads, segments, expressions, lastExpression }: ToolFacts, index: ToolIndex): number {
  // A composite has no path; it was made for what it says.
  const named = segments === 0 ? 1 : share(heads, wish, index)
  const expected = isNamed(lastExpression, wish) ? 1.2 : 1
  return ((0.6 + 0.4 * named) * expected) / (1 + 0.03 * segments + 0.03 * expressions.length)
}

/** One thing is meant, of the kind that an expression identifies. */
function isNamed(expression: readonly string[], { met, plural }: Wish): boolean {
  return expression.length > 0 && expression.every((term) => met.has(term) && !plural.has(term))
}

function fitOfTitle(wish: Wish, { title, phrases }: ToolFacts, index: ToolIndex): number {
  const said =
    title.length > 0
      ? 0.5 +
        0.5 *
          share(
            title.map((term) => [term, 1] as const),
            wish,
            index,
          )
      : 0.75
  const together = wish.pairs.filter(([first, second]) => standTogether(phrases, first, second)).length
  return said * (1 + 0.073 * Math.min(together, 3))
}

/** How much of what terms tell the wish has. */
function share(terms: ToolFacts['heads'], { met }: Wish, { rarity }: ToolIndex): number {
  let all = 0
  let had = 0
  for (const [term, weight] of terms) {
    const told = rarity(term) * weight
    all += told
    had += told * (met.get(term) ?? 0)
  }
  return all === 0 ? 0 : had / all
}

function standTogether(terms: readonly string[], first: string, second: string): boolean {
  for (let at = terms.indexOf(first); at >= 0; at = terms.indexOf(first, at + 1)) {
    if (terms[at + 1] === second) return true
  }
  return false
}

/** What makes one and what lists several are called on the collection; what is mine, under me. */
function fitOfPlace({ intent, plural }: Wish, method: string, { endsInExpression, isOwn, heads }: ToolFacts): number {
  const reads = intent.leading.size === 0 || intent.leading.has('GET')
  const wantsSeveral = intent.wantsList || heads.some(([term]) => plural.has(term))
  const onCollection = (method === 'POST' && intent.creates) || (method === 'GET' && wantsSeveral && reads)
  return (onCollection && !endsInExpression ? 1.196 : 1) * (intent.isOwn && isOwn ? 1.5 : 1)
}
