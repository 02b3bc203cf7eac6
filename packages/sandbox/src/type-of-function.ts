import type { FilterNode } from './filter-ast.ts'
import { ANY, orNull, type Selected, selected, union } from './selected-schema.ts'

const TYPES: Readonly<Record<string, string>> = {
  ...types('number', 'abs avg ceil floor length sum to_number'),
  ...types('string', 'join to_string type'),
  ...types('boolean', 'contains ends_with starts_with'),
}

function types(type: string, names: string): Record<string, string> {
  return Object.fromEntries(names.split(' ').map((name) => [name, type]))
}

/** What a function of JMESPath answers, for what its arguments are. */
export function typeOfFunction(
  name: string,
  children: readonly FilterNode[],
  follow: (node: FilterNode, on?: Selected) => Selected,
  itemsOf: (list: Selected) => Selected,
): Selected {
  const type = TYPES[name]
  const [first, second] = children
  // Names in arguments that the schema does not know are found, whatever the function makes of them.
  const given = children.filter(({ type }) => type !== 'ExpressionReference').map((child) => follow(child))
  const items = given[0] ? itemsOf(given[0]) : ANY
  const by = children.find((child) => child.type === 'ExpressionReference')
  if (by && name !== 'map') follow(by, items)
  if (type) return selected({ type }, true)
  switch (name) {
    case 'keys':
      return selected({ type: 'array', items: { type: 'string' } }, true)
    case 'sort':
    case 'sort_by':
    case 'reverse':
      return given[0] ?? ANY
    case 'max':
    case 'min':
    case 'max_by':
    case 'min_by':
      return orNull(items)
    case 'not_null':
      return union(given)
    case 'map': {
      const made = first && second ? follow(first, itemsOf(follow(second))) : ANY
      return made === 'nothing' ? made : selected({ type: 'array', items: made.nullable ? {} : made.schema }, true)
    }
    default:
      return ANY
  }
}
