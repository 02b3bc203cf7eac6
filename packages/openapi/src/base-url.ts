import { Problem } from '@sluice/contract'
import { isObject } from '@sluice/schema'
import { cleanText } from './clean-text.ts'

/**
 * The base URL of an API: the first of its `servers`, variables filled with their defaults, resolved against the URL the
 * document came from (OpenAPI 3.2, 4.6.1). `undefined` where that gives no absolute http or https URL.
 */
export function baseUrlOf(servers: unknown, sourceUrl: string | undefined): string | undefined {
  const candidates = Array.isArray(servers) && servers.length > 0 ? servers : [{ url: '/' }]
  for (const server of candidates) {
    if (!isObject(server) || typeof server.url !== 'string') continue
    const url = absolute(fillVariables(server.url, server.variables), sourceUrl)
    if (url) return url
  }
  return undefined
}

/** Every base URL that the document names, with what it says of each, for a person to choose from (B163). */
export function listBaseUrls(
  servers: unknown,
  sourceUrl: string | undefined,
): Array<{ url: string; description: string }> {
  const listed = (Array.isArray(servers) ? servers : []).filter(isObject)
  const found = listed.flatMap((server) => {
    const url =
      typeof server.url === 'string' ? absolute(fillVariables(server.url, server.variables), sourceUrl) : undefined
    return url
      ? [
          {
            url,
            description: typeof server.description === 'string' ? cleanText(server.description).slice(0, 200) : '',
          },
        ]
      : []
  })
  const different = found.filter(({ url }, at) => found.findIndex((one) => one.url === url) === at)
  return different.slice(0, 50)
}

/**
 * A base URL that a person gave, in the form it is stored.
 * @throws Problem `base-url-invalid`
 */
export function checkBaseUrl(given: string): string {
  const fix = 'Give an absolute URL such as https://api.example.com/v1.'
  const refuse = (detail: string) =>
    new Problem('base-url-invalid', { detail, errors: [{ pointer: '/baseUrl', detail, fix }] })
  if (!URL.canParse(given)) throw refuse(`${JSON.stringify(given)} is not an absolute URL.`)
  const url = new URL(given)
  if (!isWeb(url)) throw refuse(`${url.protocol} is not called, only http: and https:.`)
  if (url.username || url.password)
    throw refuse('A base URL may hold no user name or password; set a credential instead.')
  return withoutTrail(url)
}

function absolute(text: string, sourceUrl: string | undefined): string | undefined {
  const base = sourceUrl && URL.canParse(sourceUrl) ? sourceUrl : undefined
  // Nothing would be the document itself, below which no path lies: its root is meant.
  const given = text.trim() === '' ? '/' : text
  if (given.includes('{') || !URL.canParse(given, base)) return undefined
  const url = new URL(given, base)
  return isWeb(url) && !url.username && !url.password ? withoutTrail(url) : undefined
}

function isWeb(url: URL): boolean {
  return url.protocol === 'http:' || url.protocol === 'https:'
}

/** Without query, fragment and trailing slash: a path is appended to it. */
function withoutTrail(url: URL): string {
  return `${url.origin}${url.pathname.replace(/\/+$/, '')}`
}

/** A server URL with the default of each of its variables. */
export function fillVariables(template: string, variables: unknown): string {
  const known = isObject(variables) ? variables : {}
  return template.replaceAll(/\{([^{}]+)\}/g, (whole, name: string) => {
    const variable = Object.hasOwn(known, name) ? known[name] : undefined
    if (!isObject(variable)) return whole
    const values = Array.isArray(variable.enum) ? variable.enum.map(String) : []
    const fallback = variable.default === undefined ? undefined : String(variable.default)
    // A default that its own list does not have is a slip: the list is what the server takes (B162).
    const isListed = values.length === 0 || (fallback !== undefined && values.includes(fallback))
    return (isListed ? fallback : values[0]) ?? whole
  })
}
