import { isObject } from '@sluice/schema'
import { fillVariables } from './base-url.ts'
import type { Findings } from './findings.ts'
import { pointerTo } from './json-pointer.ts'

/** Says of each server what of its URL is not used, and which URL names no place that can be called (B162, B165, B166). */
export function tellServers(
  servers: unknown,
  pointer: string,
  sourceUrl: string | undefined,
  findings: Findings,
): void {
  if (!Array.isArray(servers)) {
    const message = '`servers` is not a list; it was left out'
    if (servers !== undefined && servers !== null)
      findings.add({ code: 'server-unread', severity: 'warning', pointer, message, fix: 'Write a list of servers.' })
    return
  }
  for (const [index, server] of servers.entries()) {
    const at = pointerTo(pointer, index, 'url')
    const given = isObject(server) && typeof server.url === 'string' ? server.url : undefined
    const url = given === undefined ? undefined : fillVariables(given, (server as Record<string, unknown>).variables)
    const fault = url === undefined ? 'it has no `url`' : faultOf(url, sourceUrl)
    const add = (code: string, message: string, fix: string) =>
      findings.add({ code, severity: 'warning', pointer: at, message, fix })
    for (const name of unlisted(server))
      add(
        'server-variable',
        `The default of {${name}} is none of its \`enum\`; the first that is listed is used`,
        'Correct the default.',
      )
    if (fault) add('server-unread', `This server is left out: ${fault}`, 'Give an http or https URL.')
    else if (HOST.test(url!) && URL.canParse(url!, sourceUrl))
      add(
        'server-no-scheme',
        `It begins with no scheme, so it is a path beside the document: calls go to ${new URL(url!, sourceUrl).href}`,
        `If it is meant as a host, write https://${url} there, or give the base URL at the import.`,
      )
    else if (/[?#]/.test(url!))
      add(
        'server-url-cut',
        'A server URL has no query and no fragment; calls go to what stands before them',
        'Declare what the query holds as parameters.',
      )
  }
}

/** What reads like the name of a host. */
const HOST = /^[a-z\d-]+(?:\.[a-z\d-]+)*\.[a-z]{2,}(?::\d+)?(?:\/|$)/i

/** Variables whose default is not among the values that they may have (B162). */
function unlisted(server: unknown): string[] {
  const variables = isObject(server) && isObject(server.variables) ? server.variables : {}
  return Object.entries(variables).flatMap(([name, variable]) => {
    if (!isObject(variable) || !Array.isArray(variable.enum) || variable.enum.length === 0) return []
    return variable.default === undefined || variable.enum.map(String).includes(String(variable.default)) ? [] : [name]
  })
}

/** Nothing of a URL that is relative to a place that nobody knows: whoever imports it says where it is. */
function faultOf(url: string, sourceUrl: string | undefined): string | undefined {
  const open = /\{([^{}]*)\}/.exec(url)
  if (open) return `{${open[1]}} has no value in its \`variables\``
  if (!URL.canParse(url, sourceUrl)) return /^[a-z][a-z0-9+.-]*:/i.test(url) ? 'its `url` is none' : undefined
  const { protocol, username, password } = new URL(url, sourceUrl)
  // Relative to a file.
  if (protocol !== 'http:' && protocol !== 'https:')
    return sourceUrl?.startsWith(protocol) ? undefined : `${protocol} is not called`
  return username || password ? 'its URL holds a user name or a password, which a credential is for' : undefined
}
