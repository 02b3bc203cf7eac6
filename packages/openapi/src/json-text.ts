import { endOfText } from '@sluice/schema'

/** JSON without `//` and block comments, which stand as blanks: every other character keeps its place. */
export function withoutComments(text: string): string {
  const parts: string[] = []
  const special = /["/]/g
  let from = 0
  for (let found = special.exec(text); found; found = special.exec(text)) {
    const at = found.index
    if (found[0] === '"') special.lastIndex = endOfText(text, at)
    else if (text[at + 1] === '/' || text[at + 1] === '*') {
      const end = endOfComment(text, at)
      parts.push(text.slice(from, at), text.slice(at, end).replaceAll(/[^\r\n]/g, ' '))
      from = end
      special.lastIndex = end
    }
  }
  return from === 0 ? text : parts.join('') + text.slice(from)
}

/** How many keys stand in a text that is JSON: more than its value has where one stands twice in an object. */
export function countKeys(text: string): number {
  let count = 0
  for (let at = text.indexOf('"'); at >= 0; at = text.indexOf('"', at)) {
    at = endOfText(text, at)
    let next = at
    while (text.charCodeAt(next) <= 0x20) next++
    if (text[next] === ':') count++
  }
  return count
}

function endOfComment(text: string, start: number): number {
  const isBlock = text[start + 1] === '*'
  const end = isBlock ? text.indexOf('*/', start + 2) : text.indexOf('\n', start)
  if (end < 0) return text.length
  return isBlock ? end + 2 : end
}
