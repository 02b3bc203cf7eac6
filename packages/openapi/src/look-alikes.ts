/**
 * New names that look like names there are, or like one another: `send_emai1` beside `send_email` (S30). Names are of
 * `[a-z0-9_-]`, so these are all the letters that a font could make alike.
 */
export function createLookAlikes(): LookAlikes {
  const known = new Map<string, string>()
  return {
    present: (names) => {
      for (const name of names) known.set(skeletonOf(name), name)
    },
    among: (added) =>
      added.flatMap((name) => {
        const skeleton = skeletonOf(name)
        const other = known.get(skeleton)
        known.set(skeleton, other ?? name)
        return other !== undefined && other !== name ? [{ name, other }] : []
      }),
  }
}

/** Names may come in slices. */
export interface LookAlikes {
  /** Names that there are. */
  present(names: readonly string[]): void
  /** Those of new names. */
  among(added: readonly string[]): LookAlike[]
}

/** A tool's name, and another that a reader could take it for. */
export interface LookAlike {
  readonly name: string
  readonly other: string
}

function skeletonOf(name: string): string {
  return name.toLowerCase().replaceAll(ALIKE, (letters) => LOOKS[letters]!)
}

const LOOKS: Readonly<Record<string, string>> = { 1: 'l', i: 'l', '|': 'l', 0: 'o', rn: 'm', vv: 'w', '-': '_' }
const ALIKE = /[1i|0-]|rn|vv/g
