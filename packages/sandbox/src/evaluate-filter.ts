import { compareNumbers, isNumber } from './exact-number.ts'
import type { FilterNode } from './filter-ast.ts'
import { FilterFailure } from './filter-failure.ts'
import { callFunction, type Reference } from './filter-functions.ts'
import { areEqual, isFalse, isRecord } from './filter-values.ts'

/**
 * What a parsed JMESPath expression selects of a value (jmespath.org, "Specification"). Only an object's own members are its
 * fields.
 * @throws FilterFailure where a function is given what it does not take
 */
export function evaluate(node: FilterNode | null, value: unknown): unknown {
  if (node === null) return value
  switch (node.type) {
    case 'Identity':
    case 'Current':
      return value
    case 'Literal':
      return node.value
    case 'Field':
      return isRecord(value) && Object.hasOwn(value, node.name) ? value[node.name] : null
    case 'Index':
      return Array.isArray(value) ? (value.at(node.value) ?? null) : null
    case 'Slice':
      return Array.isArray(value) ? slice(value, node.children) : null
    case 'Subexpression':
    case 'IndexExpression':
    case 'Pipe':
      return node.children.reduce((before, child) => evaluate(child, before), value)
    case 'Projection':
      return project(evaluate(node.children[0]!, value), node.children[1]!)
    case 'ValueProjection': {
      const base = evaluate(node.children[0]!, value)
      return isRecord(base) ? project(Object.values(base), node.children[1]!) : null
    }
    case 'FilterProjection': {
      const [left, right, condition] = node.children as [FilterNode, FilterNode, FilterNode]
      const base = evaluate(left, value)
      if (!Array.isArray(base)) return null
      return project(
        base.filter((item) => !isFalse(evaluate(condition, item))),
        right,
      )
    }
    case 'Flatten': {
      const base = evaluate(node.children[0]!, value)
      return Array.isArray(base) ? base.flat() : null
    }
    case 'MultiSelectList':
      return value === null ? null : node.children.map((child) => evaluate(child, value))
    case 'MultiSelectHash':
      if (value === null) return null
      return Object.fromEntries(node.children.map((pair) => [pair.name, evaluate(pair.value, value)]))
    case 'OrExpression': {
      const left = evaluate(node.children[0]!, value)
      return isFalse(left) ? evaluate(node.children[1]!, value) : left
    }
    case 'AndExpression': {
      const left = evaluate(node.children[0]!, value)
      return isFalse(left) ? left : evaluate(node.children[1]!, value)
    }
    case 'NotExpression':
      return isFalse(evaluate(node.children[0]!, value))
    case 'Comparator':
      return compare(node.name, evaluate(node.children[0]!, value), evaluate(node.children[1]!, value))
    case 'Function':
      return callFunction(
        node.name,
        node.children.map((child) => argumentOf(child, value)),
      )
    case 'ExpressionReference':
      throw new FilterFailure('failed: `&` stands where no function takes an expression')
  }
}

function argumentOf(node: FilterNode, value: unknown): unknown {
  if (node.type !== 'ExpressionReference') return evaluate(node, value)
  const reference: Reference = (item) => evaluate(node.children[0]!, item)
  return reference
}

/** What gives null is left out. */
function project(base: unknown, right: FilterNode): unknown {
  if (!Array.isArray(base)) return null
  return base.map((item) => evaluate(right, item)).filter((item) => item !== null)
}

/** As Python's slices. */
function slice(list: readonly unknown[], [start, stop, step]: ReadonlyArray<number | null>): unknown[] {
  const by = step ?? 1
  if (by === 0) throw new FilterFailure('failed: a slice cannot have a step of 0')
  const [lowest, highest] = by < 0 ? [-1, list.length - 1] : [0, list.length]
  const bound = (place: number) => Math.min(Math.max(place < 0 ? place + list.length : place, lowest), highest)
  const first = typeof start === 'number' ? bound(start) : by < 0 ? highest : lowest
  const end = typeof stop === 'number' ? bound(stop) : by < 0 ? lowest : highest
  const items: unknown[] = []
  for (let at = first; by > 0 ? at < end : at > end; at += by) items.push(list[at])
  return items
}

/** Only numbers have an order. */
function compare(name: string, one: unknown, other: unknown): boolean | null {
  if (name === 'EQ') return areEqual(one, other)
  if (name === 'NE') return !areEqual(one, other)
  if (!isNumber(one) || !isNumber(other)) return null
  const order = compareNumbers(one, other)
  if (name === 'LT') return order < 0
  if (name === 'LTE') return order <= 0
  return name === 'GT' ? order > 0 : order >= 0
}
