import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { findSpecRevision, readSpecDocument } from './spec-revisions.ts'
import { onEachDatabase } from './testing/databases.ts'
import { importExample, newWorkspace, operation } from './testing/examples.ts'

onEachDatabase((store) => {
  test.each([
    ['packed', (bytes: Uint8Array) => gzipSync(bytes)],
    ['bare, as earlier versions stored it', (bytes: Uint8Array) => bytes],
  ])('a document that is stored %s comes back byte for byte, and its length is told', async (_how, stored) => {
    const workspaceId = await newWorkspace(store())
    // Long enough that each of the four bytes of its length but the highest counts.
    const document = Buffer.from('openapi: 3.1.0 é\n'.repeat(12_345))
    const example = { slug: 'kept', operations: [operation('a')], received: stored(document) }
    const { specRevisionId } = await importExample(store(), workspaceId, example)
    expect(document.equals((await readSpecDocument(store(), workspaceId, specRevisionId))!)).toBe(true)
    expect(await findSpecRevision(store(), workspaceId, specRevisionId)).toMatchObject({ bytes: document.length })
  })
})
