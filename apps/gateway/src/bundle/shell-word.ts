/** A text as one word of a command that a person copies: names and URLs come from bundles, and bundles from strangers. */
export function shellWord(text: string): string {
  return /^[\w./:@%+=,-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`
}
