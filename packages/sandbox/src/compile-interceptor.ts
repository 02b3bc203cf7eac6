import vm from 'node:vm'
import { InterceptorSyntaxError } from './interceptor-syntax-error.ts'

/** Where in a call an interceptor stands, and what it is given and gives back. */
export type InterceptPoint = 'request' | 'response'

/** Takes the types from TypeScript and leaves the rest where it is, or answers why it cannot. */
export type StripTypes = (text: string) => { readonly text: string } | { readonly fault: SourceFault }

export interface SourceFault {
  readonly message: string
  /** 1-based. */
  readonly line: number
  /** 1-based. */
  readonly column: number
}

/** What the source is called in stack traces. */
export const SOURCE_NAME = 'interceptor'

/** Lines of the script before the first one of the source. */
export const HEAD_LINES = 1

/** Characters of a source. */
const MAX_CHARS = 64 * 1024

/**
 * The script whose value is the interceptor's function: the source is the body of an async function with the parameters
 * `request` or `response`, `args` and `tool`.
 *
 * @throws InterceptorSyntaxError for what is neither JavaScript nor TypeScript, or is more than the body of a function.
 */
export function compileInterceptor(source: string, point: InterceptPoint, stripTypes: StripTypes): string {
  return compileBody(source, [point, 'args', 'tool'], stripTypes)
}

/**
 * The script whose value is an async function in strict mode with these parameters, and the source as its body. Nothing of it
 * runs here.
 *
 * @throws InterceptorSyntaxError for what is neither JavaScript nor TypeScript, or is more than the body of a function.
 */
export function compileBody(source: string, parameters: readonly string[], stripTypes: StripTypes): string {
  if (source.length > MAX_CHARS) throw new InterceptorSyntaxError(`More than ${MAX_CHARS} characters`, 1, 1)
  // JavaScript is taken as it is: `a < b > (c)` means something else in TypeScript. `new Set<string>(ids)` is meant so.
  const asIs = findFault(source, parameters)
  if (!asIs && !namesTypes(source)) return wrap(source, parameters)
  const head = `${headOf('(', parameters)}\n`
  const stripped = stripTypes(`${head}${source}${TAIL}`)
  const { fault, text } = 'fault' in stripped ? { ...stripped, text: '' } : { ...stripped, fault: undefined }
  const body = text.slice(head.length, -TAIL.length)
  const left = fault ? within({ ...fault, line: fault.line - HEAD_LINES }, source) : findFault(body, parameters)
  if (!left) return wrap(body, parameters)
  if (!asIs) return wrap(source, parameters)
  // The reader that came further understood more of it.
  const { message, line, column } = isBefore(left, asIs) ? asIs : left
  throw new InterceptorSyntaxError(message, line, column)
}

/** Whether names of types stand where type arguments have them, and are not those of values as well. */
function namesTypes(source: string): boolean {
  return [...source.matchAll(TYPE_NAMES)].some(([, name]) => !bindingOf(name!).test(source))
}

const TYPE_NAMES =
  /[<,:|[]\s*(string|number|boolean|bigint|any|unknown|object|Record|Partial|Readonly|ReadonlyArray|Pick|Omit)\b/g

/** A variable or a parameter, as far as it is seen without reading the code. */
function bindingOf(name: string): RegExp {
  return new RegExp(`(?:\\b(?:const|let|var|function|class)\\s+|[({,]\\s*)${name}\\s*(?:[=,)};(]|(?:of|in)\\b)`)
}

const STRICT = '"use strict";'
const TAIL = '\n})'

function headOf(before: string, parameters: readonly string[]): string {
  return `${before}async function (${parameters.join(', ')}) {${STRICT}`
}

function wrap(body: string, parameters: readonly string[]): string {
  return `${headOf('(', parameters)}\n${body}${TAIL}`
}

function findFault(body: string, parameters: readonly string[]): SourceFault | undefined {
  // What closes the function early and opens another fits only one of these, so the other says where that happens.
  const named = `async function f(${parameters.join(', ')}) {${STRICT}\n${body}\n}`
  const fault = faultOf(wrap(body, parameters)) ?? faultOf(named)
  if (fault) return within(fault, body)
  try {
    // The engine's own guard: it refuses whatever is more than the body of the one function.
    new AsyncFunction(...parameters, `${STRICT}\n${body}`)
    return undefined
  } catch (error) {
    return { message: (error as Error).message, line: 1, column: 1 }
  }
}

const AsyncFunction = Object.getPrototypeOf(async () => {}).constructor as new (...text: string[]) => unknown

/** A fault past the end is in what was put around the source, and says nothing to its author. */
function within(fault: SourceFault, source: string): SourceFault {
  const lines = source.split(LINE_END)
  if (fault.line <= lines.length) return fault
  return { message: 'Something is missing at the end', line: lines.length, column: lines.at(-1)!.length + 1 }
}

const LINE_END = /\r\n|[\n\r\u2028\u2029]/

function isBefore(one: SourceFault, other: SourceFault): boolean {
  return one.line < other.line || (one.line === other.line && one.column < other.column)
}

function faultOf(script: string): SourceFault | undefined {
  try {
    new vm.Script(script, { filename: SOURCE_NAME, lineOffset: -HEAD_LINES })
    return undefined
  } catch (error) {
    return readFault(error as Error)
  }
}

/** Node writes the place of a syntax error before the stack: the name and line, the line's text, and carets below it. */
export function readFault({ message, stack = '' }: Error): SourceFault {
  const [place = '', ...lines] = stack.split('\n')
  const line = Number(/:(\d+)$/.exec(place)?.[1] ?? 1)
  const carets = lines.find((text) => /^\s*\^+\s*$/.test(text)) ?? ''
  return { message, line, column: carets.indexOf('^') + 1 || 1 }
}
