import type { ReadSpec } from '@sluice/contract'
import { importSpec, readDefinition } from '@sluice/openapi'
import { checkSchema } from '@sluice/schema'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { clientFaults } from './client-faults.ts'
import { readDocument, SHARED, sharedDocuments } from './corpus-documents.ts'
import { type JudgeServer, startJudgeServer } from './judge/judge-server.ts'
import { judgeSpec } from './judge/judge-spec.ts'
import { explain } from './judge/known-disagreements.ts'
import { nameOf } from './judge/list-inputs.ts'

const documents = sharedDocuments()
if (documents.length === 0)
  process.stdout.write(`The corpus of real documents is not beside this clone (${SHARED}): its tests are skipped.\n`)

let server: JudgeServer
beforeAll(async () => {
  server = await startJudgeServer()
})
afterAll(() => server.close())

describe.skipIf(documents.length === 0)('real documents', () => {
  test.each(documents)(
    '$id: every operation becomes a tool that a client takes and that can be checked',
    (document) => {
      const spec: ReadSpec = importSpec({ text: readDocument(document) }, { countTokens: () => 1 })
      expect(spec.coverage.operations).toBeGreaterThan(0)
      expect(spec.coverage.skipped).toBe(0)
      expect(spec.diagnostics.filter(({ severity }) => severity === 'error')).toEqual([])
      const step = Math.ceil(spec.operations.length / MOST_CHECKED)
      for (const [index, { definition }] of spec.operations.entries()) {
        const tool = readDefinition(definition)
        expect(clientFaults(tool)).toEqual([])
        // Compiling costs milliseconds each: a sample, spread over the document.
        if (index % step > 0) continue
        const missing = checkSchema(tool.operation.inputSchema, {}).filter(({ keyword }) => keyword !== 'required')
        expect(missing).toEqual([])
      }
    },
    60_000,
  )

  test.each(documents)(
    'B188 $id: what is sent carries every parameter and property, in its place',
    async (document) => {
      const text = readDocument(document)
      const { verdicts } = await judgeSpec(text, importSpec({ text }, { countTokens: () => 1 }), { server }, MOST_SENT)
      expect(verdicts.length).toBeGreaterThan(0)
      expect(verdicts.flatMap(({ operation, refusals }) => refusals.filter((one) => !explain(one, operation)))).toEqual(
        [],
      )
      expect(
        verdicts.flatMap(({ operation, lost }) => lost.map(({ input }) => `${operation} ${nameOf(input)}`)),
      ).toEqual([])
    },
    60_000,
  )
})

const MOST_CHECKED = 25
const MOST_SENT = 8
