import { type HeaderList, Problem, type Send } from '@sluice/contract'
import type { ImportSource } from '@sluice/openapi'
import { fetchSpec } from './fetch-spec.ts'
import type { SpecReader } from './spec-reader.ts'

/** Documents that references may bring in, and rounds of looking for more. */
const MOST_FILES = 500
const MOST_ROUNDS = 20

/**
 * Fetches the other documents that references lead to, on the origins that were allowed and on no other, through the guarded
 * door (B15, S25). What cannot be had stays out: the import says where it is missing.
 */
export async function fetchReferred(
  source: ImportSource,
  origins: readonly string[],
  allow: readonly string[],
  deps: { readonly send: Send; readonly missingUrls: SpecReader['missingUrls'] },
  headers: HeaderList = [],
): Promise<ImportSource> {
  if (origins.length === 0) return source
  const files = new Map<string, string>()
  const unfetched = new Map<string, string>()
  const tried = new Set<string>()
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const missing = await deps.missingUrls({ ...source, files })
    const wanted = missing.filter((url) => !tried.has(url) && origins.includes(new URL(url).origin))
    if (wanted.length === 0) break
    for (const url of wanted.slice(0, MOST_FILES - tried.size)) {
      tried.add(url)
      // What opens one site is no other's business.
      const own = source.url !== undefined && new URL(source.url).origin === new URL(url).origin ? headers : []
      const fetched = await fetchText(url, allow, deps.send, own)
      if ('text' in fetched) files.set(url, fetched.text)
      else unfetched.set(url, fetched.reason)
    }
  }
  return { ...source, files, unfetched }
}

async function fetchText(
  url: string,
  allow: readonly string[],
  send: Send,
  headers: HeaderList,
): Promise<{ readonly text: string } | { readonly reason: string }> {
  try {
    return { text: new TextDecoder().decode(await fetchSpec(url, allow, send, headers)) }
  } catch (error) {
    if (error instanceof Problem) return { reason: error.detail }
    throw error
  }
}
