import type { JsonSchema } from '@sluice/contract'
import { objectOf, parseJson } from '@sluice/schema'
import type { FindableTool } from './tool-words.ts'
import { type TypeBudget, typeText } from './type-text.ts'

export interface SignatureBudget {
  readonly arguments: TypeBudget
  readonly result: TypeBudget
}

/** As long as it may be beside others. */
export const ONE_LINE: SignatureBudget = { arguments: { chars: 260, depth: 2 }, result: { chars: 180, depth: 3 } }

/** As long as it may be where one tool was asked for. */
export const WHOLE: SignatureBudget = { arguments: { chars: 2_000, depth: 6 }, result: { chars: 2_000, depth: 6 } }

/** A tool as a TypeScript function on one line: what it takes, and what it answers with where that is known. */
export function signatureOf(
  { name, inputSchema, answer }: Pick<FindableTool, 'name' | 'inputSchema' | 'answer'>,
  budget: SignatureBudget = ONE_LINE,
): string {
  const takes = hasArguments(inputSchema) ? typeText(inputSchema, inputSchema, budget.arguments) : ''
  return `${name}(${takes})${answer === undefined ? '' : `: ${answerType(answer, budget.result)}`}`
}

function hasArguments({ properties }: JsonSchema): boolean {
  return Object.keys(objectOf(properties)).length > 0
}

function answerType(answer: string, budget: TypeBudget): string {
  const schema = parseJson(answer) as JsonSchema
  return typeText(schema, schema, budget)
}
