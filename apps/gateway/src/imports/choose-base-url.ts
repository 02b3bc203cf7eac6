import { type ImportRequest, Problem, type ReadSpec } from '@sluice/contract'
import { checkBaseUrl } from '@sluice/openapi'
import type { StoredImport } from '@sluice/store'

/** Given, else as stored, else as the document says. What is stored is never moved by a document (S42). */
export function chooseBaseUrl(request: Pick<ImportRequest, 'baseUrl'>, spec: ReadSpec, stored: StoredImport): string {
  if (request.baseUrl !== undefined) {
    const given = checkBaseUrl(request.baseUrl)
    if (stored.upstream && stored.upstream.baseUrl !== given)
      throw otherUpstream(stored.upstream.slug, stored.upstream.baseUrl, given)
    return given
  }
  const found = stored.upstream?.baseUrl ?? spec.baseUrl
  if (found) return found
  const detail = 'The document names no absolute base URL, and it was not fetched from one.'
  const fix = 'Say where the API lies with `baseUrl`, for example https://api.example.com/v1.'
  throw new Problem('base-url-needed', { detail, errors: [{ pointer: '/baseUrl', detail, fix }] })
}

/** A document that has come to name another base URL is told, not followed. */
export function tellMovedBaseUrl(spec: ReadSpec, stored: StoredImport): ReadSpec {
  const { upstream } = stored
  const named = [spec.baseUrl, ...spec.baseUrls.map(({ url }) => url)].filter((url) => url !== null)
  if (!upstream || named.length === 0 || named.includes(upstream.baseUrl)) return spec
  const message = `The document names ${named[0]} as base URL; calls go on to ${upstream.baseUrl}`
  return {
    ...spec,
    diagnostics: [{ code: 'base-url-moved', severity: 'warning', pointer: '', message }, ...spec.diagnostics],
  }
}

function otherUpstream(slug: string, has: string, given: string): Problem {
  const detail = `The upstream "${slug}" lies at ${has}, not at ${given}.`
  const fix = 'Import without `baseUrl` to update it, or under another name with `?upstream=`.'
  return new Problem('conflict', { detail, errors: [{ pointer: '/baseUrl', detail, fix }] })
}
