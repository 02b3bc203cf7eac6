import type { FilterNode } from './filter-ast.ts'
import {
  ANY,
  either,
  listOf,
  listWithoutNull,
  notNull,
  orNull,
  partOf,
  type Selected,
  selected,
} from './selected-schema.ts'

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
  // Names in arguments that the schema does not know are found, whatever the function makes of them.
  const given = children.filter(({ type }) => type !== 'ExpressionReference').map((child) => follow(child))
  const items = given[0] ? itemsOf(given[0]) : ANY
  const by = children.find(({ type }) => type === 'ExpressionReference')
  const made = by?.type === 'ExpressionReference' ? follow(by.children[0]!, notNull(items)) : ANY
  if (type) return selected({ type }, true)
  switch (name) {
    case 'keys':
      return selected({ type: 'array', items: { type: 'string' } }, true)
    case 'sort':
    case 'sort_by':
      return items === 'nothing' ? items : listWithoutNull(items, items.nullable)
    case 'reverse':
      return reversed(given[0] ?? ANY, items)
    case 'max':
    case 'min':
    case 'max_by':
    case 'min_by':
      return orNull(items)
    case 'not_null':
      return either(given)
    case 'map':
      return listOf(made)
    default:
      return ANY
  }
}

/** A text is reversed, too: only of what is a list for certain, it is known what it is afterwards. */
function reversed(list: Selected, items: Selected): Selected {
  if (list === 'nothing') return list
  return items === 'nothing' || items.nullable ? partOf(list, ANY) : listOf(items, false)
}
