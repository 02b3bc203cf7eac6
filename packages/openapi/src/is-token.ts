/** RFC 9110 5.6.2: what names methods, headers and cookies. */
export function isToken(text: string): boolean {
  return /^[\w!#$%&'*+.^`|~-]+$/.test(text)
}
