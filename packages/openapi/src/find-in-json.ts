import { COLON, COMMA, endOfText, LIST, LIST_END, OBJECT, OBJECT_END, QUOTE } from '@sluice/schema'
import type { WantedPlaces } from './wanted-places.ts'

/**
 * Finds the wanted places in a text that is JSON, and passes over what nothing is wanted of: a tenth of the time in which YAML's
 * flow form is read. Says whether it was JSON as far as it was looked at; of what was not, places may be missing.
 */
export function findInJson(text: string, wanted: WantedPlaces): boolean {
  const walk = new Walk(text)
  return walk.value(wanted)
}

const [SPACE, HASH, APOSTROPHE, SLASH] = [0x20, 0x23, 0x27, 0x2f]

/** Each method goes on where the last one ended, and says whether what it is named for was there. */
class Walk {
  #at: number
  readonly #text: string

  constructor(text: string) {
    this.#text = text
    // There may be a byte order mark.
    this.#at = text.search(/\S/)
  }

  value(wanted: WantedPlaces | undefined): boolean {
    const code = this.#next()
    if (!wanted || wanted.below.size === 0) return this.#skip()
    if (code === OBJECT) return this.#object(wanted)
    return code === LIST ? this.#list(wanted) : this.#skip()
  }

  #object({ below }: WantedPlaces): boolean {
    this.#at++
    if (this.#takes(OBJECT_END)) return true
    do {
      if (this.#next() !== QUOTE) return false
      const start = this.#at
      this.#at = endOfText(this.#text, start)
      const place = below.get(nameIn(this.#text.slice(start + 1, this.#at - 1)))
      if (place) place.offset = start
      if (!this.#takes(COLON) || !this.value(place)) return false
    } while (this.#takes(COMMA))
    return this.#takes(OBJECT_END)
  }

  #list({ below }: WantedPlaces): boolean {
    this.#at++
    if (this.#takes(LIST_END)) return true
    let index = 0
    do {
      this.#next()
      const place = below.get(String(index++))
      if (place) place.offset = this.#at
      if (!this.value(place)) return false
    } while (this.#takes(COMMA))
    return this.#takes(LIST_END)
  }

  /** To where a value ends. What JSON does not have, comments and other quotes, would hide brackets. */
  #skip(): boolean {
    const text = this.#text
    let [at, depth] = [this.#at, 0]
    for (; at < text.length; at++) {
      const code = text.charCodeAt(at)
      if (code === QUOTE) at = endOfText(text, at) - 1
      else if (code === OBJECT || code === LIST) depth++
      else if (code === SLASH || code === HASH || code === APOSTROPHE) return false
      else if (depth === 0 && (code === COMMA || code === OBJECT_END || code === LIST_END)) break
      else if (code === OBJECT_END || code === LIST_END) depth--
    }
    this.#at = at
    return true
  }

  /** The code of what comes after white space. */
  #next(): number {
    while (this.#text.charCodeAt(this.#at) <= SPACE) this.#at++
    return this.#text.charCodeAt(this.#at)
  }

  #takes(code: number): boolean {
    if (this.#next() !== code) return false
    this.#at++
    return true
  }
}

function nameIn(quoted: string): string {
  if (!quoted.includes('\\')) return quoted
  try {
    return JSON.parse(`"${quoted}"`) as string
  } catch {
    return quoted
  }
}
