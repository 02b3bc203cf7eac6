import type { OperationDefinition, ReadSpec } from '@sluice/contract'
import { isPlain, type Plain, walkOperations } from '../walk-operations.ts'
import { judgeOperation, type OperationVerdict } from './judge-operation.ts'
import { type JudgeServer, startJudgeServer } from './judge-server.ts'
import { parseOriginal } from './parse-original.ts'

/** What the judge said of a document. */
export interface JudgeFigures {
  /** Operations that the walker finds; the importer must have found as many. */
  readonly walked: number
  readonly verdicts: readonly OperationVerdict[]
}

let server: JudgeServer | undefined

/** Judges operations of a document, spread over it where there are more than are wanted. */
export async function judgeDocuments(text: string, spec: ReadSpec, most: number): Promise<JudgeFigures> {
  const root = parseOriginal(text)
  if (!isPlain(root)) return { walked: 0, verdicts: [] }
  server ??= await startJudgeServer()
  const originals = walkOperations(root as Plain)
  const imported = new Map(spec.operations.map((one) => [`${one.method} ${one.path}`, one.definition]))
  const step = Math.max(1, originals.length / most)
  const verdicts: OperationVerdict[] = []
  for (let at = 0; at < originals.length; at += step) {
    const original = originals[Math.floor(at)]!
    const definition = imported.get(`${original.method} ${original.path}`)
    if (!definition) continue
    const { operation } = JSON.parse(definition) as OperationDefinition
    verdicts.push(await judgeOperation(root, original, operation, server))
  }
  return { walked: originals.length, verdicts }
}
