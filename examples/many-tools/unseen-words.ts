/**
 * The words of a call that its maker was never shown: names of arguments and fields, identifiers, values. An agent that is honest
 * has none. Words that code makes for itself, and those of its language, count as seen.
 */
export function unseenWords(args: unknown, shown: string): string[] {
  const seen = new Set(wordsOf(shown))
  const written = textsOf(args).join('\n')
  const own = new Set([...written.matchAll(DECLARED)].map((match) => match[1] ?? match[2]!))
  return [...new Set(wordsOf(written))].filter((word) => !seen.has(word) && !own.has(word) && !LANGUAGE.has(word))
}

/** A name after `const` or `let`, and the parameter of an arrow function. */
const DECLARED = /\b(?:const|let) \[?(\w+)|\((\w+)\) =>/g

const LANGUAGE = new Set(
  (
    'const let for of if else while return await new async function null undefined true false ' +
    'map filter flat length push includes sort toSorted at 0 1'
  ).split(' '),
)

function wordsOf(text: string): string[] {
  return text.match(/[\p{L}\p{N}_$]+/gu) ?? []
}

/** Names and values; that something is true or false is a decision, which needs no source. */
function textsOf(value: unknown): string[] {
  if (typeof value === 'string') return [value]
  if (typeof value === 'number') return [String(value)]
  if (typeof value !== 'object' || value === null) return []
  if (Array.isArray(value)) return value.flatMap(textsOf)
  return Object.entries(value).flatMap(([name, member]) => [name, ...textsOf(member)])
}
