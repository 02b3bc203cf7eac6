import { pointerTokens } from './json-pointer.ts'

/** Places of a text that somebody asks for, as a tree of the tokens of their pointers. */
export interface WantedPlaces {
  readonly below: Map<string, WantedPlaces>
  /** Where the value begins, in characters; in a mapping, where its key does. Filled in by who reads the text. */
  offset?: number
}

export function wantedPlaces(pointers: Iterable<string>): WantedPlaces {
  const root: WantedPlaces = { below: new Map() }
  for (const pointer of pointers) {
    let place = root
    for (const token of pointerTokens(pointer)) {
      const next = place.below.get(token) ?? { below: new Map() }
      place.below.set(token, next)
      place = next
    }
  }
  return root
}

/** Of the place itself, else of what holds it: what was assumed to be there may be missing. The whole text is no place. */
export function nearestOffset(root: WantedPlaces, pointer: string): number | undefined {
  let place: WantedPlaces | undefined = root
  let nearest: number | undefined
  for (const token of pointerTokens(pointer)) {
    place = place?.below.get(token)
    nearest = place?.offset ?? nearest
  }
  return nearest
}
