import type { FilterNode } from './filter-ast.ts'

/**
 * Whether a filter is so plain and the body so small that applying it cannot hold up the process: no functions, at most
 * 64 kB, and fewer steps than `MAX_STEPS` whatever the body holds.
 */
export function runsInProcess(filter: FilterNode, body: string): boolean {
  return body.length <= MAX_CHARS && stepsPerValue(filter) * countValues(body) <= MAX_STEPS
}

const MAX_CHARS = 64 * 1024

/** Some tens of milliseconds at worst; a projection of twenty fields over a page of results takes a tenth of it. */
const MAX_STEPS = 50_000

/** At least as many values as the JSON text has: before each but the first stands one of these. */
function countValues(body: string): number {
  let count = 1
  for (let at = 0; at < body.length; at++) {
    const code = body.charCodeAt(at)
    if (code === COMMA || code === BRACKET || code === BRACE) count++
  }
  return count
}

const COMMA = 0x2c
const BRACKET = 0x5b
const BRACE = 0x7b

/** At least as many steps as the filter takes, and as many values as it selects, for each value of its input. */
function stepsPerValue(node: FilterNode): number {
  switch (node.type) {
    case 'Field':
    case 'Identity':
    case 'Current':
    case 'Index':
    case 'Slice':
      return 1
    case 'Literal':
      return 1 + JSON.stringify(node.value).length
    case 'MultiSelectHash':
      return sum(node.children.map((pair) => pair.value))
    case 'MultiSelectList':
    case 'Comparator':
    case 'AndExpression':
    case 'OrExpression':
    case 'NotExpression':
      return sum(node.children)
    case 'Flatten':
    case 'Subexpression':
    case 'IndexExpression':
    case 'Pipe':
    case 'Projection':
    case 'ValueProjection':
    case 'FilterProjection': {
      const [left, ...right] = node.children as [FilterNode, ...FilterNode[]]
      // What a narrow part selects lies inside its input. Any other may repeat its input, and the rest sees all of it.
      return isNarrow(left) ? stepsPerValue(left) + sum(right) : stepsPerValue(left) * sum(right)
    }
    // Functions: `contains(map(…))` alone is quadratic.
    default:
      return Number.POSITIVE_INFINITY
  }
}

function sum(nodes: readonly FilterNode[]): number {
  return nodes.reduce((total, node) => total + stepsPerValue(node), 1)
}

/** Whether no value of the input can come out twice. */
function isNarrow(node: FilterNode): boolean {
  switch (node.type) {
    case 'Field':
    case 'Identity':
    case 'Current':
    case 'Index':
    case 'Slice':
      return true
    case 'FilterProjection':
      return node.children.slice(0, 2).every(isNarrow)
    case 'Flatten':
    case 'Subexpression':
    case 'IndexExpression':
    case 'Pipe':
    case 'Projection':
    case 'ValueProjection':
      return node.children.every(isNarrow)
    default:
      return false
  }
}
