import type { JsonSchema } from '@sluice/contract'
import type { FilterNode } from './filter-ast.ts'
import { parseFilter } from './parse-filter.ts'
import { formsOf, isAlways, mayBe, partsOf } from './schema-forms.ts'
import { field, itemsOf, valuesOf } from './schema-members.ts'
import {
  ANY,
  either,
  isHollow,
  isNullable,
  listOf,
  listWithoutNull,
  notNull,
  orNull,
  partOf,
  type Selected,
  schemaOf,
  selected,
  union,
} from './selected-schema.ts'
import { typeOfFunction } from './type-of-function.ts'
import { createWalk, fitsIn, type Walk, WalkTooLong } from './walk.ts'

/** What a filter makes of answers, as far as their schema tells. */
export interface FilterDescription {
  /** Of what it selects, self-contained; absent where nothing can be said of it. */
  readonly schema?: JsonSchema
  /** Of no answer that has but what the schema declares, it selects anything: only null, or lists and objects without content. */
  readonly selectsNothing: boolean
  /** Names that the schema does not declare where they are looked for, with those that it does. */
  readonly undeclared: ReadonlyArray<{ readonly name: string; readonly declared: readonly string[] }>
}

const UNKNOWN: FilterDescription = { selectsNothing: false, undeclared: [] }
/** Characters of JSON, without the definitions that the document has anyway. */
const LONGEST_SCHEMA = 24_000

/** Follows an expression through a schema in place of an answer. @throws FilterSyntaxError */
export function describeFilter(expression: string, schema: JsonSchema): FilterDescription {
  const walk = createWalk(schema)
  const node = parseFilter(expression)
  try {
    const result = follow(node, selected(schema), walk)
    const own = schemaOf(result)
    if (!fitsIn(own, LONGEST_SCHEMA)) return UNKNOWN
    const isKnown = Object.keys(own).length > 0
    return {
      ...(isKnown ? { schema: withDefinitions(own, schema) } : {}),
      selectsNothing: isHollow(result),
      undeclared: [...walk.undeclared].map(([name, declared]) => ({ name, declared })),
    }
  } catch (error) {
    if (error instanceof WalkTooLong) return UNKNOWN
    throw error
  }
}

function withDefinitions(schema: JsonSchema, { $defs }: JsonSchema): JsonSchema {
  return $defs && JSON.stringify(schema).includes('"#/$defs/') ? { ...schema, $defs } : schema
}

function follow(node: FilterNode, on: Selected, walk: Walk): Selected {
  walk.spend()
  switch (node.type) {
    case 'Identity':
    case 'Current':
      return on
    case 'Literal':
      return node.value === null ? 'nothing' : selected({ const: node.value })
    case 'Field':
      return field(node.name, on, walk)
    case 'Index':
      return orNull(itemsOf(on, walk))
    case 'Slice': {
      const items = itemsOf(on, walk)
      return items === 'nothing' ? items : listOf(items)
    }
    case 'Subexpression':
    case 'IndexExpression':
    case 'Pipe':
      return node.children.reduce((at, child) => follow(child, at, walk), on)
    case 'Projection':
    case 'FilterProjection':
    case 'ValueProjection':
    case 'Flatten':
      return followEach(node, on, walk)
    case 'MultiSelectHash':
      return hash(node, on, walk)
    case 'MultiSelectList':
      return on === 'nothing' ? on : listOf(either(node.children.map((one) => follow(one, on, walk))), on.nullable)
    case 'Comparator':
    case 'NotExpression':
      for (const child of node.children) follow(child, on, walk)
      return selected({ type: 'boolean' }, true)
    case 'AndExpression':
    case 'OrExpression':
      return either(node.children.map((child) => follow(child, on, walk)))
    case 'Function': {
      const here = (child: FilterNode, at = on) => follow(child, at, walk)
      return typeOfFunction(node.name, node.children, here, (list) => itemsOf(list, walk))
    }
    case 'ExpressionReference':
      follow(node.children[0]!, on, walk)
      return ANY
  }
}

/** A list is there whatever it holds. */
function followEach(
  node: { readonly type: string; readonly children: readonly FilterNode[] },
  on: Selected,
  walk: Walk,
): Selected {
  const [source, part, condition] = node.children as [FilterNode, FilterNode, FilterNode?]
  const base = follow(source, on, walk)
  if (node.type === 'Flatten') return flatten(base, walk)
  const items = node.type === 'ValueProjection' ? valuesOf(base, walk) : itemsOf(base, walk)
  // Names in a condition are looked up in the items, too.
  if (condition) follow(condition, items, walk)
  if (items === 'nothing') return items
  return listWithoutNull(follow(part, notNull(items), walk), items.nullable)
}

function flatten(on: Selected, walk: Walk): Selected {
  const items = itemsOf(on, walk)
  if (items === 'nothing') return items
  const inner = formsOf(items.schema, walk).map((form): Selected => {
    const parts = partsOf(form, walk)
    if (!mayBe('array', parts)) return selected(form)
    return isAlways(['array', 'null'], parts) ? itemsOf(selected(form), walk) : ANY
  })
  return listWithoutNull(partOf(items, union(inner)), isNullable(on) || items.nullable)
}

function hash(node: Extract<FilterNode, { type: 'MultiSelectHash' }>, on: Selected, walk: Walk): Selected {
  if (on === 'nothing') return on
  const members = node.children.map(({ name, value }) => [name, follow(value, on, walk)] as const)
  const properties = Object.fromEntries(members.map(([name, one]) => [name, schemaOf(one)]))
  const required = members.map(([name]) => name)
  return {
    schema: { type: 'object', properties, required, additionalProperties: false },
    nullable: on.nullable,
    hollow: members.every(([, one]) => isHollow(one)),
  }
}
