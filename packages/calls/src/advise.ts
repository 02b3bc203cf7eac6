import { type Call, headerValue, LIMITS } from '@sluice/contract'
import { asStrings, isObject, objectOf } from '@sluice/schema'
import { oneWord } from './one-word.ts'
import type { ResponseBody } from './read-response.ts'

/** What to do about an answer that is no success, in a sentence or two (B131 to B133); empty where there is nothing to say. */
export function advise({ status, headers }: ResponseBody, call: Call): string {
  switch (status) {
    case 301:
    case 302:
    case 303:
    case 307:
    case 308:
      return `It redirects${placeOf(headers)}${unfollowed(headers, call)}`
    case 304:
      return 'Nothing has changed since the moment or the version that the arguments name, so it sent nothing.'
    case 400:
    case 422:
      return adviceOnArguments(call)
    case 401:
      return `${credentialOf(call)} is missing or was refused${errorOf(headers)}; the operator must set it again.${neededScopes(headers, call)}`
    case 403:
      return `${credentialOf(call)} may not do this${errorOf(headers)}.${neededScopes(headers, call) || ' Another tool or more rights are needed.'}`
    case 404:
      return notFound(call)
    case 429:
    case 503:
      return `Try again ${waitOf(headerValue(headers, 'retry-after'))}.`
    default:
      return status >= 500 ? 'The fault is on the API’s side; trying again later may help.' : ''
  }
}

const MOST_HINT_CHARS = 300

/** What each argument must be, the required ones first. */
function adviceOnArguments({ tool }: Call): string {
  const required = new Set(asStrings(tool.wireSchema.required))
  const properties = Object.entries(objectOf(tool.wireSchema.properties))
  const ordered = [
    ...properties.filter(([name]) => required.has(name)),
    ...properties.filter(([name]) => !required.has(name)),
  ]
  const hints: string[] = []
  let chars = 0
  for (const [name, schema] of ordered) {
    const hint = `${name} (${kindOf(schema)}${required.has(name) ? ', required' : ''})`
    chars += hint.length + 2
    if (chars > MOST_HINT_CHARS) break
    hints.push(hint)
  }
  if (hints.length === 0) return 'Check the arguments against the tool’s schema.'
  const more = hints.length < ordered.length ? ` and ${ordered.length - hints.length} more` : ''
  return `Check the arguments: ${hints.join(', ')}${more}.`
}

const MOST_VALUES = 6

function kindOf(schema: unknown): string {
  if (!isObject(schema)) return 'any'
  if (Array.isArray(schema.enum) && schema.enum.length <= MOST_VALUES) return `one of ${schema.enum.join(', ')}`
  const format = typeof schema.format === 'string' ? ` ${schema.format}` : ''
  if (typeof schema.type === 'string') return `${schema.type}${format}`
  return Array.isArray(schema.anyOf) ? [...new Set(schema.anyOf.map(kindOf))].join(' or ') : 'any'
}

/** Those that the operation takes, by their schemes. */
function credentialOf({ tool, upstream }: Call): string {
  const schemes = new Set(tool.operation.security.flatMap((requirement) => Object.keys(requirement)))
  const stored = upstream.credentials.filter(({ scheme }) => schemes.has(scheme)).map(({ scheme }) => `"${scheme}"`)
  const which = stored.length > 0 ? ` ${stored.join(', ')}` : ''
  return `The credential${which} of upstream "${upstream.slug}"`
}

/** RFC 6750 3.1: a code, such as `invalid_token`. */
function errorOf(headers: ResponseBody['headers']): string {
  const code = challengeValue(headers, 'error')
  return code && /^[a-z_]{1,40}$/.test(code) ? ` (${code})` : ''
}

// RFC 6749 3.3: scopes joined by spaces. Nothing else that an API writes there stands among our words (S33).
const SCOPES = /^[\x21\x23-\x5b\x5d-\x7e]+( [\x21\x23-\x5b\x5d-\x7e]+)*$/
const MOST_SCOPE_CHARS = 200

/** The scopes that the challenge names, else those that the document declares. */
function neededScopes(headers: ResponseBody['headers'], { tool }: Call): string {
  const told = challengeValue(headers, 'scope')
  const declared = [...new Set(tool.operation.security.flatMap((requirement) => Object.values(requirement).flat()))]
  const scopes = told && told.length <= MOST_SCOPE_CHARS && SCOPES.test(told) ? told.split(' ') : declared
  return scopes.length > 0 ? ` It needs ${scopes.length > 1 ? 'the scopes' : 'the scope'} ${scopes.join(', ')}.` : ''
}

/** RFC 9110 11.6.1 */
function challengeValue(headers: ResponseBody['headers'], name: string): string | undefined {
  const challenge = headerValue(headers, 'www-authenticate') ?? ''
  const [, quoted, plain] =
    new RegExp(`(?:^|[\\s,])${name}\\s*=\\s*(?:"([^"]*)"|([^\\s,"]+))`, 'i').exec(challenge) ?? []
  return quoted ?? plain
}

function notFound(call: Call): string {
  const names = call.tool.operation.parameters
    .filter((binding) => binding.in === 'path')
    .map(({ argument }) => argument)
  return names.length > 0 ? `Nothing is there: check ${names.join(', ')}.` : 'Nothing is there.'
}

/** RFC 9110 10.2.3: seconds or a date. What is neither is not repeated (S33). */
function waitOf(retryAfter: string | undefined): string {
  if (retryAfter !== undefined && /^\d{1,9}$/.test(retryAfter)) return `in ${retryAfter} s`
  const date = retryAfter !== undefined && /^[A-Z][a-z]+,? /.test(retryAfter) ? Date.parse(retryAfter) : Number.NaN
  return Number.isNaN(date) ? 'later' : `after ${new Date(date).toUTCString()}`
}

function placeOf(headers: ResponseBody['headers']): string {
  const location = oneWord(headers, 'location')
  return location === undefined ? '' : ` to ${location}`
}

/** Why a redirect is the answer: what leads to the same origin is followed where the upstream's policy has it so (B134). */
function unfollowed(headers: ResponseBody['headers'], { upstream, tool }: Call): string {
  const correct = 'The operator can correct the base URL.'
  if (!upstream.policy?.followRedirects) return `; redirects are not followed. ${correct}`
  const location = headerValue(headers, 'location')
  if (location === undefined) return ', but does not say where.'
  const base = tool.operation.baseUrl ?? upstream.baseUrl
  const target = URL.parse(location, base)
  if (!target) return ', but to what is no URL.'
  if (target.origin !== new URL(base).origin) return `; redirects to another origin are not followed. ${correct}`
  if (target.username || target.password) return '; redirects that name a user are not followed.'
  return `; no more than ${LIMITS.redirects} redirects are followed.`
}
