import { type Call, type HttpRequest, headerValue, mayForward } from '@sluice/contract'

/** Adds the headers of the client's request that the upstream's policy passes on, where no argument gave another (B156). */
export function forwardHeaders(request: HttpRequest, { upstream, headers }: Call): HttpRequest {
  const wanted = (upstream.policy?.forwardHeaders ?? []).filter(mayForward)
  if (wanted.length === 0 || !headers) return request
  const given = headers()
  const added = wanted.flatMap((name): Array<[string, string]> => {
    const value = headerValue(given, name.toLowerCase())
    return value === undefined || headerValue(request.headers, name.toLowerCase()) !== undefined ? [] : [[name, value]]
  })
  return added.length > 0 ? { ...request, headers: [...request.headers, ...added] } : request
}
