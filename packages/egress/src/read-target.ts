import { CallFailure, type HttpRequest, headerValue } from '@sluice/contract'

/**
 * Where a request goes. The WHATWG parser decides and what it says is dialled, so no two readings of one text can differ.
 * The text itself is not repeated in refusals: it may hold a secret.
 */
export function readTarget(request: HttpRequest): URL {
  const url = URL.parse(request.url)
  if (!url) throw new CallFailure('blocked', 'The address is not an absolute URL and is not called.')
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw new CallFailure('blocked', `Only http and https addresses are called, not ${url.protocol}`)
  }
  if (url.username !== '' || url.password !== '') {
    throw new CallFailure('blocked', `The address of ${url.host} has a user or password in it and is not called.`)
  }
  const host = headerValue(request.headers, 'host')
  if (host !== undefined && host.toLowerCase() !== url.host) {
    // Behind a shared front the Host header chooses who answers: it must not differ from what was vetted.
    throw new CallFailure('blocked', `The request to ${url.host} has a Host header that names another host.`)
  }
  return url
}
