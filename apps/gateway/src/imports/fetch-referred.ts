import { type HeaderList, LIMITS, Problem, type Send } from '@sluice/contract'
import { fetchSpec } from './fetch-spec.ts'
import type { ReaderSource, SpecReader } from './spec-reader.ts'

/** Documents that references may bring in, rounds of looking for more, and the time that all of them may take. */
const MOST_FILES = 500
const MOST_ROUNDS = 20
const MOST_MS = 120_000

/**
 * Fetches the other documents that references lead to, on the origins that were allowed and on no other, through the guarded
 * door (B15, S25). What cannot be had stays out: the import says where it is missing.
 */
export async function fetchReferred(
  source: ReaderSource,
  origins: readonly string[],
  allow: readonly string[],
  deps: { readonly send: Send; readonly missingUrls: SpecReader['missingUrls'] },
  headers: HeaderList = [],
): Promise<ReaderSource> {
  if (origins.length === 0) return source
  const files = new Map<string, string>()
  const unfetched = new Map<string, string>()
  const until = Date.now() + MOST_MS
  let left: number = LIMITS.specBytes
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const missing = await deps.missingUrls({ ...source, files })
    const wanted = missing.filter((url) => !unfetched.has(url) && origins.includes(new URL(url).origin))
    if (wanted.length === 0) break
    for (const url of wanted) {
      const isTooMuch = files.size + unfetched.size >= MOST_FILES || left <= 0 || Date.now() > until
      // What opens one site is no other's business.
      const own = source.url !== undefined && new URL(source.url).origin === new URL(url).origin ? headers : []
      const fetched = isTooMuch ? TOO_MUCH : await fetchText(url, allow, deps.send, own, left)
      if ('reason' in fetched) unfetched.set(url, fetched.reason)
      else {
        files.set(url, fetched.text)
        left -= fetched.bytes
      }
    }
  }
  return { ...source, files, unfetched }
}

const TOO_MUCH = {
  reason: `Of the documents that it refers to, at most ${MOST_FILES}, ${LIMITS.specBytes / 1024 / 1024} MB and what comes in ${MOST_MS / 1000} s are read.`,
}

async function fetchText(
  url: string,
  allow: readonly string[],
  send: Send,
  headers: HeaderList,
  maxBytes: number,
): Promise<{ readonly text: string; readonly bytes: number } | { readonly reason: string }> {
  try {
    const bytes = await fetchSpec(url, allow, send, headers, maxBytes)
    return { text: new TextDecoder().decode(bytes), bytes: bytes.byteLength }
  } catch (error) {
    if (error instanceof Problem) return { reason: error.detail }
    throw error
  }
}
