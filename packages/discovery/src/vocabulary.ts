import { nearestName } from '@sluice/schema'

/** Terms that may be what somebody misspelt. */
export interface Vocabulary {
  /** The one nearest in spelling to a term, of those that are accepted; `undefined`: none is near. */
  readonly nearest: (term: string, accepts: (term: string) => boolean) => string | undefined
}

/** Terms by their length, with the letters that they have, so that few are looked at closely; of two as near, what more tools have. */
export function createVocabulary(postings: ReadonlyMap<string, { readonly tools: readonly number[] }>): Vocabulary {
  const byLength = new Map<number, Spelt[]>()
  for (const [term, { tools }] of postings) {
    if (!isSpelt(term)) continue
    const spelt = { term, letters: lettersOf(term), uses: tools.length }
    const others = byLength.get(term.length)
    if (others) others.push(spelt)
    else byLength.set(term.length, [spelt])
  }
  function near(term: string): Spelt[] {
    const letters = lettersOf(term)
    return [...byLength].flatMap(([length, all]) => {
      const most = Math.max(1, Math.floor(length / 3))
      if (Math.abs(length - term.length) > most) return []
      // Each step of the way changes two kinds of letters at most.
      return all.filter((other) => countBits(other.letters ^ letters) <= 2 * most)
    })
  }
  return {
    nearest(term, accepts) {
      if (!isSpelt(term)) return undefined
      const likely = near(term).toSorted((a, b) => b.uses - a.uses)
      return nearestName(
        term,
        likely
          .values()
          .map((one) => one.term)
          .filter(accepts),
      )
    },
  }
}

interface Spelt {
  readonly term: string
  /** A bit for each kind of letter; digits share some with letters. */
  readonly letters: number
  readonly uses: number
}

/** What is shorter is near to too much. */
function isSpelt(term: string): boolean {
  return /^[a-z0-9]{3,}$/.test(term)
}

function lettersOf(term: string): number {
  let letters = 0
  for (let at = 0; at < term.length; at++) letters |= 1 << (term.charCodeAt(at) & 31)
  return letters
}

function countBits(bits: number): number {
  let count = 0
  for (let left = bits; left !== 0; left &= left - 1) count++
  return count
}
