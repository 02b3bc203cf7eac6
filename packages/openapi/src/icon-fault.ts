/** In the list of every client, which has hundreds of tools. */
const MOST_URL_CHARS = 500
const MOST_DATA_CHARS = 4_000

/**
 * What is wrong with a URL as the icon of a tool (MCP 2026-07-28, Icons): clients fetch it, or show what it holds. Undefined: nothing.
 * It is never fetched here. A picture that can hold scripts is none.
 */
export function iconFault(url: string): string | undefined {
  if (url.startsWith('data:')) {
    if (!/^data:image\/(png|jpeg|webp|gif);base64,[A-Za-z0-9+/]+={0,2}$/.test(url))
      return 'is no PNG, JPEG, WebP or GIF in base64'
    return url.length > MOST_DATA_CHARS ? `is longer than ${MOST_DATA_CHARS} characters` : undefined
  }
  if (url.length > MOST_URL_CHARS) return `is longer than ${MOST_URL_CHARS} characters`
  const parsed = URL.canParse(url) ? new URL(url) : undefined
  if (parsed?.protocol !== 'https:') return 'is no https URL'
  if (parsed.username || parsed.password) return 'holds a user name'
  return /\.(svgz?|xml|html?|pdf|js)$/i.test(parsed.pathname) ? 'leads to no PNG, JPEG, WebP or GIF' : undefined
}
