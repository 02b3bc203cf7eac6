import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ROOT } from '../support/spawned.ts'
import { importDocument } from './import-document.ts'
import { type JudgeServer, startJudgeServer } from './judge/judge-server.ts'
import { judgeSpec } from './judge/judge-spec.ts'
import { explain } from './judge/known-disagreements.ts'
import { nameOf } from './judge/list-inputs.ts'
import { parseOriginal } from './judge/parse-original.ts'
import { type Plain, walkOperations } from './walk-operations.ts'

/** Small documents, each odd in its own way: what `npm run corpus` does to thousands, without anything from outside the clone. */
const FOLDER = join(ROOT, 'specs', 'samples', 'odd')

/** What each document holds: operations, how many of them become tools, and what is said of it. */
const DOCUMENTS: Record<string, [operations: number, imported: number, codes: string[]]> = {
  'broken.yaml': [
    8,
    6,
    [
      'base-url-unread',
      'body-invalid',
      'operation-skipped',
      'parameter-invalid',
      'pattern-invalid',
      'ref-external',
      'ref-missing',
      'required-undeclared',
      'schema-invalid',
      'security-invalid',
      'type-unknown',
    ],
  ],
  'circular.yaml': [4, 4, ['ref-circular', 'schema-elided']],
  'combinations.yaml': [4, 4, []],
  'content-types.yaml': [11, 11, ['body-unusual']],
  'keyword-names.yaml': [2, 2, []],
  'media-types.yaml': [3, 3, ['content-type-unwritten', 'style-unfit']],
  'multipart.yaml': [2, 2, []],
  'odd-names.yaml': [11, 11, []],
  'odd-paths.yaml': [
    11,
    11,
    ['base-url-own', 'path-invalid', 'path-parameter-undeclared', 'path-parameter-unused', 'path-template'],
  ],
  'parameter-styles.yaml': [1, 1, []],
  'patch-dialects.yaml': [2, 2, []],
  'read-only.yaml': [1, 1, ['parameter-is-key']],
  'swagger-forms.yaml': [4, 4, ['schema-elided']],
  'version-3.2.yaml': [6, 5, ['operation-skipped']],
  'yaml-values.yaml': [2, 2, ['text-invisible']],
}

let server: JudgeServer
beforeAll(async () => {
  server = await startJudgeServer()
})
afterAll(() => server.close())

test('every odd document is in the table', () => {
  expect(readdirSync(FOLDER).toSorted()).toEqual(Object.keys(DOCUMENTS))
})

describe.each(Object.entries(DOCUMENTS))('%s', (name, [operations, imported, codes]) => {
  const text = readFileSync(join(FOLDER, name), 'utf8')
  const { figures, spec } = importDocument(text)

  test('B32 B33 every operation becomes a tool that clients take, or it is said why not', () => {
    expect(figures.refused).toBeUndefined()
    expect([figures.operations, figures.imported]).toEqual([operations, imported])
    expect(Object.keys(figures.diagnostics).toSorted()).toEqual(codes)
    expect(figures.lint).toEqual([])
  })

  test('the importer counts what an independent walker finds', () => {
    // What is no operation at all is the importer's to report; the walker passes over it.
    expect(walkOperations(parseOriginal(text) as Plain).length).toBeLessThanOrEqual(figures.operations)
  })

  test('B188 every parameter and every property reaches the wire, or a diagnostic names it', async () => {
    const { verdicts } = await judgeSpec(text, spec!, { server })
    expect(verdicts.length).toBe(imported)
    const refusals = verdicts.flatMap(({ operation, refusals: list }) => list.filter((one) => !explain(one, operation)))
    expect(refusals).toEqual([])
    expect(verdicts.flatMap(({ operation, lost }) => lost.map(({ input }) => `${operation} ${nameOf(input)}`))).toEqual(
      [],
    )
  })
})
