import { type HttpRequest, type HttpResponse, headerValue } from '@sluice/contract'

/**
 * Follows redirects to the same origin, as many as are allowed; any other is an answer like all. The request goes on as
 * RFC 9110 15.4 has it: a POST becomes a GET after 301 and 302, everything does after 303, nothing after 307 and 308.
 */
export async function followRedirects(
  request: HttpRequest,
  most: number,
  send: (request: HttpRequest) => Promise<HttpResponse>,
): Promise<HttpResponse> {
  let current = request
  for (let left = most; ; left--) {
    const response = await send(current)
    const next = left > 0 ? redirected(current, response) : undefined
    if (!next) return response
    current = next
  }
}

function redirected(request: HttpRequest, { status, headers }: HttpResponse): HttpRequest | undefined {
  const location = headerValue(headers, 'location')
  if (![301, 302, 303, 307, 308].includes(status) || location === undefined) return undefined
  const target = URL.parse(location, request.url)
  // Elsewhere go neither the caller's data nor a credential.
  if (!target || target.origin !== new URL(request.url).origin || target.username || target.password) return undefined
  target.hash = ''
  const isKept = status === 307 || status === 308 || (status !== 303 && request.method !== 'POST')
  if (isKept || request.method === 'HEAD') return { ...request, url: target.href }
  const kept = request.headers.filter(([name]) => !/^content-/i.test(name))
  return { method: 'GET', url: target.href, headers: kept }
}
