/** A text of at most so many characters; where it is cut, `…` is the last of them. No character is cut in two. */
export function cutText(text: string, most: number): string {
  if (text.length <= most) return text
  const end = Math.max(0, most - 1)
  const isPair = /[\uD800-\uDBFF]/.test(text.charAt(end - 1))
  return `${text.slice(0, isPair ? end - 1 : end)}…`
}
