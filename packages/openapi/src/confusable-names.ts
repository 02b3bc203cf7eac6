/** A tool's name, and another that a reader could take it for. */
export interface LookAlike {
  readonly name: string
  readonly other: string
}

/**
 * New names that look like names there are, or like one another: `send_emai1` beside `send_email` (S30). Names are of
 * `[a-z0-9_-]`, so these are all the letters that a font could make alike.
 */
export function confusableNames(added: readonly string[], present: readonly string[]): LookAlike[] {
  const known = new Map(present.map((name) => [skeletonOf(name), name]))
  return added.flatMap((name) => {
    const skeleton = skeletonOf(name)
    const other = known.get(skeleton)
    known.set(skeleton, other ?? name)
    return other !== undefined && other !== name ? [{ name, other }] : []
  })
}

function skeletonOf(name: string): string {
  return name.toLowerCase().replaceAll(ALIKE, (letters) => LOOKS[letters]!)
}

const LOOKS: Readonly<Record<string, string>> = { 1: 'l', i: 'l', '|': 'l', 0: 'o', rn: 'm', vv: 'w', '-': '_' }
const ALIKE = /[1i|0-]|rn|vv/g
