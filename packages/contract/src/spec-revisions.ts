import { type Static, Type } from 'typebox'
import { CoverageCounts, DiagnosticItem } from './imports.ts'
import { Nullable, Slug, Timestamp } from './pages.ts'

export const SpecRevision = Type.Object({
  id: Type.String({ examples: ['rev_01k9x3v8r6q2m4n7p0s5t8w1yz'] }),
  upstream: Slug,
  sourceUrl: Nullable(Type.String({ description: 'Where it was fetched, without its query.' })),
  contentHash: Type.String({ description: 'SHA-256 of the bytes as received, hex.' }),
  bytes: Type.Integer(),
  declaredVersion: Type.String({ examples: ['3.1.0'] }),
  coverage: CoverageCounts,
  createdAt: Timestamp,
})
export type SpecRevision = Static<typeof SpecRevision>

export const SpecRevisionDetail = Type.Object({ ...SpecRevision.properties, diagnostics: Type.Array(DiagnosticItem) })
export type SpecRevisionDetail = Static<typeof SpecRevisionDetail>
