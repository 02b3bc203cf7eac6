import { SOURCE_NAME } from './compile-interceptor.ts'
import type { RuntimeAnswer, Thrown } from './isolate-runtime.ts'
import type { TaskFailure, TaskResult } from './protocol.ts'

/** What a call inside an isolate came to. The words complete the sentence "The response interceptor …". */
export function describeAnswer(answer: RuntimeAnswer, point: string, maxBytes: number): TaskResult {
  const logs = Object.values(answer.lines)
  const { omittedLines } = answer
  if (omittedLines > 0) logs.push(`… and ${omittedLines} more ${omittedLines === 1 ? 'line' : 'lines'}`)
  // Only here are bytes counted: inside, a character is the least that one can take.
  if (answer.state === 'done' && Buffer.byteLength(answer.text) <= maxBytes) return { outputText: answer.text, logs }
  return { failure: failureOf(answer, point, maxBytes), logs }
}

function failureOf(answer: RuntimeAnswer, point: string, maxBytes: number): TaskFailure {
  switch (answer.state) {
    case 'threw':
      return describeThrown(answer)
    case 'pending':
      return { name: 'Pending', message: 'waits for a promise that never settles' }
    case 'no-object':
      return { name: 'Unfit', message: `must return the ${point}, an object, or nothing, and returned ${answer.fault}` }
    case 'unfit': {
      const keys = Array.from({ length: answer.depth }, (_, index) => answer.path[index + 1]!)
      return { name: 'Unfit', message: `returned what is not JSON: ${point}${pathText(keys)} ${answer.fault}` }
    }
    default:
      return { name: 'TooLarge', message: `returned more than ${maxBytes} bytes` }
  }
}

function describeThrown({ name = 'Error', message, stack = '', text }: Thrown): TaskFailure {
  if (message === undefined) return { name: 'Thrown', message: brief(`failed: it threw ${text}`) }
  const place = placeIn(stack)
  return { name: 'Thrown', message: brief(`failed${placeText(place)}: ${name}: ${message}`), ...place }
}

/** Where a script was in its source when it was stopped or threw: the innermost place of a stack trace. */
export function placeIn(stack: string): { line: number; column: number } | undefined {
  const [, line, column] = new RegExp(`^ {4}at .*?\\b${SOURCE_NAME}:(\\d+):(\\d+)`, 'm').exec(stack) ?? []
  return line && column ? { line: Number(line), column: Number(column) } : undefined
}

export function placeText(place: { line: number; column: number } | undefined): string {
  return place ? ` at line ${place.line}, column ${place.column}` : ''
}

/** On one line, of a length that a model can bear. */
function brief(text: string): string {
  const line = text.replace(/[\s\u0000-\u001f\u007f]+/g, ' ').trim()
  return line.length > MAX_WORDS ? `${line.slice(0, MAX_WORDS)}…` : line
}

const MAX_WORDS = 500

function pathText(keys: readonly (string | number)[]): string {
  const text = keys.map((key) => (typeof key === 'string' && IDENTIFIER.test(key) ? `.${key}` : keyText(key))).join('')
  return text.length > MAX_WORDS ? `${text.slice(0, MAX_WORDS)}…` : text
}

const IDENTIFIER = /^[A-Za-z_$][\w$]*$/

const keyText = (key: string | number) => `[${JSON.stringify(key)}]`
