import type { Diagnostic, ReadSpec } from '@sluice/contract'
import { readDefinition } from '@sluice/openapi'
import { isPlain, type OriginalOperation, type Plain, walkOperations } from '../walk-operations.ts'
import { type Court, judgeOperation, type OperationVerdict } from './judge-operation.ts'
import type { Input } from './list-inputs.ts'
import { parseOriginal } from './parse-original.ts'

/** What the judge said of a document. */
export interface JudgeFigures {
  /** Operations that the walker finds; the importer must have found as many. */
  readonly walked: number
  readonly verdicts: readonly OperationVerdict[]
}

/** Judges operations of a document, spread over it where there are more than are wanted. */
export async function judgeSpec(
  text: string,
  spec: ReadSpec,
  court: Court,
  most = Number.POSITIVE_INFINITY,
): Promise<JudgeFigures> {
  const root = parseOriginal(text)
  if (!isPlain(root)) return { walked: 0, verdicts: [] }
  const originals = walkOperations(root)
  const imported = new Map(spec.operations.map((one) => [`${one.method} ${one.path}`, one.definition]))
  const step = Math.max(1, originals.length / most)
  const verdicts: OperationVerdict[] = []
  for (let at = 0; at < originals.length; at += step) {
    const original = originals[Math.floor(at)]!
    const definition = imported.get(`${original.method} ${original.path}`)
    if (!definition) continue
    const { operation } = readDefinition(definition)
    const verdict = await judgeOperation(root, original, operation, court)
    const lost = verdict.lost.filter(({ input }) => !isNamed(input, original, root, spec.diagnostics))
    verdicts.push({ ...verdict, lost })
  }
  return { walked: originals.length, verdicts }
}

/** Whether a diagnostic says of an input that it was left out, so that it is not lost in silence. */
function isNamed(input: Input, original: OriginalOperation, root: Plain, diagnostics: readonly Diagnostic[]): boolean {
  const name = input.place === 'body' ? input.steps.at(-1)! : input.name
  const at = pointerOf(original, root)
  return diagnostics.some(({ code, message, pointer }) => {
    if (input.place === 'body') return pointer.startsWith(at) && (code === 'schema-large' || message.includes(name))
    return ABOUT_PARAMETERS.test(code) && (message.startsWith(`${name} `) || message.includes(`{${name}}`))
  })
}

const ABOUT_PARAMETERS = /^(parameter|header|path-parameter|cookie)-/

function pointerOf({ path, method }: OriginalOperation, root: Plain): string {
  const item = isPlain(root.paths) ? root.paths[path] : undefined
  const own = isPlain(item) && typeof item.$ref === 'string' ? item.$ref.slice(1) : undefined
  return `${own ?? `/paths/${path.replaceAll('~', '~0').replaceAll('/', '~1')}`}/${method.toLowerCase()}`
}
