import { beginsWithVerb } from './read-intent.ts'
import { termsOf, wordsOf } from './words.ts'

/**
 * The separate things that a text asks for: `list the pods, read their logs and delete one` is three. A list of nouns stays
 * with its verb.
 */
export function splitWishes(text: string): string[] {
  const wishes = sentencesOf(text).flatMap((sentence) => {
    const joined: string[] = []
    for (const part of marked(sentence).split(JOINTS)) {
      const words = part.trim()
      if (words === '') continue
      if (joined.length === 0 || beginsWithVerb(words)) joined.push(words)
      else joined.push(`${joined.pop()}, ${words}`)
    }
    return joined
  })
  return wishes.filter((wish) => termsOf(wish).length > 1).slice(0, MOST_WISHES)
}

/** Each is held against every tool; more than these are asked for by nobody. */
const MOST_WISHES = 12

export function sentencesOf(text: string): string[] {
  return text.split(/(?<=[.?!;:])\s+/)
}

/** In a long sentence a verb may also follow on `by`, `to` and such: `improve it by collecting the data`. */
function marked(sentence: string): string {
  if (wordsOf(sentence).length <= LONG_SENTENCE) return sentence
  return sentence.replace(/\b(?:by|to|for|while|before|after)\s+(?=\w)/gi, (found, at: number) =>
    beginsWithVerb(sentence.slice(at + found.length).split(' ', 1)[0]!) ? ', ' : found,
  )
}

const LONG_SENTENCE = 14
const JOINTS = /,\s*(?:and\s+)?|\band\b|\bthen\b|\balso\b|\bas well as\b|\bwhile\b/i
