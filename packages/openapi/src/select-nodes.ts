import { linearTest } from '@sluice/schema'
import { FunctionExpressionType, JSONPathEnvironment, type JSONPathQuery, jsonpath } from 'json-p3'

export type Path = ReadonlyArray<string | number>

const MOST_NODES = 100_000

/**
 * Where the nodes lie that a JSONPath (RFC 9535) selects, each once.
 * @throws Error for what is no JSONPath, selects too much, or could take time out of all proportion to the document
 */
export function selectNodes(target: string, root: Record<string, unknown>): Path[] {
  const query = ENVIRONMENT.compile(target)
  refuseSlow(query, false)
  const paths = new Map<string, Path>()
  for (const { location } of query.lazyQuery(root as never)) {
    if (paths.size >= MOST_NODES) throw new Error(`it selects more than ${MOST_NODES} places`)
    paths.set(JSON.stringify(location), location)
  }
  return [...paths.values()]
}

const MOST_DESCENTS = 2
const MOST_SELECTORS = 64

/** A walk of all that lies below, inside of another, is the square of the document; lists of selectors multiply. */
function refuseSlow(query: JSONPathQuery, isInFilter: boolean): void {
  const descents = query.segments.filter((segment) => segment.toString().startsWith('..'))
  if (isInFilter && descents.length > 0) throw new Error('a filter of it looks at all that lies below (`..`)')
  if (descents.length > MOST_DESCENTS) throw new Error(`it has \`..\` more than ${MOST_DESCENTS} times`)
  const selectors = query.segments.reduce((product, segment) => product * segment.selectors.length, 1)
  if (selectors > MOST_SELECTORS) throw new Error(`its lists of selectors make more than ${MOST_SELECTORS} ways`)
  for (const selector of query.segments.flatMap((segment) => segment.selectors)) {
    if (selector instanceof jsonpath.selectors.FilterSelector) refuseSlowFilter(selector.expression)
  }
}

function refuseSlowFilter(expression: jsonpath.expressions.FilterExpression): void {
  const { FilterQuery, FunctionExtension, InfixExpression, LogicalExpression, PrefixExpression, RootQuery } =
    jsonpath.expressions
  if (expression instanceof LogicalExpression) refuseSlowFilter(expression.expression)
  else if (expression instanceof PrefixExpression) refuseSlowFilter(expression.right)
  else if (expression instanceof InfixExpression) {
    for (const side of [expression.left, expression.right]) refuseSlowFilter(side)
  } else if (expression instanceof FunctionExtension) for (const argument of expression.args) refuseSlowFilter(argument)
  else if (expression instanceof FilterQuery) {
    if (expression instanceof RootQuery && !expression.path.singularQuery())
      throw new Error('a filter of it looks at many places of the whole document (`$`)')
    refuseSlow(expression.path, true)
  }
}

const ENVIRONMENT = linearEnvironment()

/** `match` and `search` on an engine that no pattern makes run for ever (S24). */
function linearEnvironment(): JSONPathEnvironment {
  const environment = new JSONPathEnvironment()
  const { ValueType, LogicalType } = FunctionExpressionType
  const register = (name: string, patternOf: (pattern: string) => string) =>
    environment.functionRegister.set(name, {
      argTypes: [ValueType, ValueType],
      returnType: LogicalType,
      call: (text, pattern) =>
        typeof text === 'string' && typeof pattern === 'string' && test(patternOf(pattern), text),
    })
  register('match', (pattern) => `^(?:${pattern})$`)
  register('search', (pattern) => pattern)
  return environment
}

let last: { readonly pattern: string; readonly test: (text: string) => boolean } | undefined

/** A filter asks the same pattern of one node after the other. */
function test(pattern: string, text: string): boolean {
  if (last?.pattern !== pattern) {
    const compiled = linearTest(pattern)
    if (!compiled) throw new Error(`${JSON.stringify(pattern)} is no pattern that can be matched in linear time`)
    last = { pattern, test: compiled }
  }
  return last.test(text)
}
