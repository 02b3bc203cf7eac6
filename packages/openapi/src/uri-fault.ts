import type { ProblemError } from '@sluice/contract'

/** Clients fetch the first two themselves, and read, show or run what the others name. */
const OTHERS_MEANING = new Set(['http', 'https', 'file', 'javascript', 'data'])
export const MOST_URI_CHARS = 1_000

/** What is wrong with the URI of a resource, if anything is (RFC 3986). */
export function uriFault(uri: string): Omit<ProblemError, 'pointer'> | undefined {
  const scheme = /^([A-Za-z][A-Za-z0-9+.-]*):./.exec(uri)?.[1]
  if (scheme === undefined) {
    const detail = 'A resource has a URI with a scheme.'
    return { detail, fix: 'Begin it with one of your own, such as sluice://shop/orders.' }
  }
  if (OTHERS_MEANING.has(scheme.toLowerCase())) {
    const detail = `To a client, ${scheme} is no name of something that is read here.`
    return { detail, fix: 'Take a scheme of your own, such as sluice://shop/orders.' }
  }
  const odd = /[^A-Za-z0-9\-._~:/?#[\]@!$&'()*+,;=%]|%(?![0-9A-Fa-f]{2})/.exec(uri)
  if (odd) {
    const detail = `${JSON.stringify(odd[0])} cannot stand in a URI.`
    return { detail, fix: `Write it percent-encoded: ${encodeURIComponent(odd[0])}.` }
  }
  if (uri.length > MOST_URI_CHARS) {
    const detail = `The URI has ${uri.length} characters; at most ${MOST_URI_CHARS} are kept.`
    return { detail, fix: 'Give it a shorter one.' }
  }
  return undefined
}
