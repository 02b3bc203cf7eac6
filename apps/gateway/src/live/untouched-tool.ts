import type { DerivedOperation } from '@sluice/contract'
import type { CatalogToolRow } from '@sluice/store'

/** A tool as an operation makes it, which no curator has touched. */
export function untouchedTool(
  name: string,
  upstreamId: string,
  { tags, tokens, contentHash, definition }: DerivedOperation,
): CatalogToolRow {
  return {
    id: name,
    upstreamId,
    name,
    title: null,
    description: null,
    responseFilter: null,
    offersProjection: false,
    hasLargeAnswers: false,
    structuredContent: false,
    resource: null,
    annotations: null,
    steps: {},
    cache: null,
    tags,
    tokens,
    argumentEdits: {},
    unlisted: false,
    pinned: false,
    operationVersion: contentHash,
    specRevision: null,
    definition,
  }
}
