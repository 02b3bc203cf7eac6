import { type DerivedOperation, Problem, type ReadSpec } from '@sluice/contract'
import { type OperationText, openSource, readDefinition, readOperations } from '@sluice/openapi'
import { packText } from '@sluice/schema'
import { countTokens } from '@sluice/tokenizer'
import { clientFaults } from './client-faults.ts'

/** What became of one document. */
export interface ImportFigures {
  readonly version: string
  readonly operations: number
  readonly imported: number
  readonly withDiagnostics: number
  /** Operations left out, by reason. */
  readonly skipped: Readonly<Record<string, number>>
  /** Diagnostics by code. */
  readonly diagnostics: Readonly<Record<string, number>>
  /** Tools that a client would refuse, each with what is wrong. */
  readonly lint: ReadonlyArray<{ readonly operation: string; readonly faults: readonly string[] }>
  /** Why nothing of it could be read. */
  readonly refused?: string
}

/** Imports a document as the product does, and looks at every tool as a client would. Operations are kept on demand only. */
export function importDocument(
  text: string,
  keep = true,
): { readonly figures: ImportFigures; readonly spec?: ReadSpec } {
  const lint: Array<ImportFigures['lint'][number]> = []
  const operations: DerivedOperation[] = []
  const onOperation = ({ entry, definition: text, ...operation }: OperationText) => {
    const definition = packText(text)
    const faults = [...new Set(clientFaults(readDefinition(definition)))]
    if (faults.length > 0) lint.push({ operation: `${operation.method} ${operation.path}`, faults })
    if (keep) operations.push({ ...operation, definition, tokens: countTokens(entry) })
  }
  try {
    const spec = { ...readOperations(openSource({ text }), onOperation), operations }
    return { figures: figuresOf(spec, lint), spec }
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    return { figures: { ...NOTHING, refused: `${error.code}: ${error.detail}` } }
  }
}

const NOTHING = { version: '', operations: 0, imported: 0, withDiagnostics: 0, skipped: {}, diagnostics: {}, lint: [] }

function figuresOf(spec: ReadSpec, lint: ImportFigures['lint']): ImportFigures {
  const left = spec.diagnostics.filter(({ code }) => code === 'operation-skipped')
  return {
    version: spec.declaredVersion,
    ...spec.coverage,
    skipped: countBy(left.map(({ message }) => reasonOf(message))),
    diagnostics: countBy(spec.diagnostics.map(({ code }) => code)),
    lint,
  }
}

/** `GET /x was left out: …` without what is this operation's own. */
function reasonOf(message: string): string {
  return message.slice(message.indexOf(' was left out: ') + ' was left out: '.length).replaceAll(/"[^"]*"/g, '"…"')
}

/** How often each value stands in a list. */
export function countBy(values: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const value of values) counts[value] = (counts[value] ?? 0) + 1
  return counts
}
