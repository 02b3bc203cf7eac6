/**
 * The name that was probably meant, or nothing where none is near: at most a third of its letters differ. There may be thousands of
 * candidates, and a caller can ask again and again: those that cannot be near are told by their letters alone.
 */
export function nearestName(name: string, candidates: Iterable<string>): string | undefined {
  const plain = codesOf(name)
  const letters = countLetters(plain)
  const rows = [0, 1, 2].map(() => new Uint8Array(MOST_LETTERS + 1)) as Rows
  let best: { name: string; distance: number } | undefined
  for (const candidate of candidates) {
    const most = Math.min(Math.max(1, Math.floor(candidate.length / 3)), (best?.distance ?? Infinity) - 1)
    if (most < 0) break
    const codes = codesOf(candidate)
    if (lettersApart(letters, plain.length, codes) > most) continue
    const distance = editDistance(plain, codes, most, rows)
    if (distance <= most) best = { name: candidate, distance }
  }
  return best?.name
}

const MOST_LETTERS = 64

/** Letters and digits, all small. */
function codesOf(name: string): Uint8Array {
  const folded = name
    .slice(0, 4 * MOST_LETTERS)
    .toLowerCase()
    .replaceAll(/[^a-z0-9]/g, '')
  const codes = new Uint8Array(Math.min(folded.length, MOST_LETTERS))
  for (let at = 0; at < codes.length; at++) codes[at] = folded.charCodeAt(at)
  return codes
}

function countLetters(codes: Uint8Array): Int8Array {
  const counts = new Int8Array(0x80)
  for (const code of codes) counts[code]!++
  return counts
}

/** At least so many steps lie between two texts: each adds a letter, takes one away, or does both. */
function lettersApart(letters: Int8Array, length: number, other: Uint8Array): number {
  const left = letters.slice()
  let both = 0
  for (const code of other) if (left[code]!-- > 0) both++
  return Math.max(length, other.length) - both
}

type Rows = [Uint8Array, Uint8Array, Uint8Array]

/** Letters added, left out, changed, or swapped with their neighbour; any number above `most` where there are more. */
function editDistance(a: Uint8Array, b: Uint8Array, most: number, rows: Rows): number {
  let [before, row, next] = rows
  for (let j = 0; j <= b.length; j++) row[j] = j
  for (let i = 1; i <= a.length; i++) {
    const code = a[i - 1]!
    next[0] = i
    let least = i
    for (let j = 1; j <= b.length; j++) {
      const isSame = code === b[j - 1]
      let steps = row[j - 1]! + (isSame ? 0 : 1)
      if (row[j]! < steps) steps = row[j]! + 1
      if (next[j - 1]! < steps) steps = next[j - 1]! + 1
      const isSwapped = i > 1 && j > 1 && code === b[j - 2] && a[i - 2] === b[j - 1]
      if (isSwapped && before[j - 2]! < steps) steps = before[j - 2]! + 1
      next[j] = steps
      if (steps < least) least = steps
    }
    // What is swapped reaches back two rows, so one may still come down by that.
    if (least > most + 1) return Infinity
    const oldest = before
    before = row
    row = next
    next = oldest
  }
  return row[b.length]!
}
