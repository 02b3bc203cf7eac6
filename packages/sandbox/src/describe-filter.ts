import type { JsonSchema } from '@sluice/contract'
import { isObject } from '@sluice/schema'
import type { FilterNode } from './filter-ast.ts'
import { parseFilter } from './parse-filter.ts'
import { ANY, formsOf, mayBe, orNull, partsOf, type Selected, schemaOf, selected, union } from './selected-schema.ts'
import { typeOfFunction } from './type-of-function.ts'

/** What a filter makes of answers, as far as their schema tells. */
export interface FilterDescription {
  /** Of what it selects, self-contained; absent where nothing can be said of it. */
  readonly schema?: JsonSchema
  /** No answer of the schema has anything that it selects. */
  readonly selectsNothing: boolean
  /** Names that the schema does not declare where they are looked for, with those that it does. */
  readonly undeclared: ReadonlyArray<{ readonly name: string; readonly declared: readonly string[] }>
}

/** Follows an expression through a schema in place of an answer. @throws FilterSyntaxError */
export function describeFilter(expression: string, schema: JsonSchema): FilterDescription {
  const undeclared = new Map<string, readonly string[]>()
  const walk: Walk = { root: schema, undeclared }
  const result = follow(parseFilter(expression), selected(schema), walk)
  const told = [...undeclared].map(([name, declared]) => ({ name, declared }))
  const own = schemaOf(result)
  const isKnown = Object.keys(own).length > 0
  return {
    ...(isKnown ? { schema: withDefinitions(own, schema) } : {}),
    selectsNothing: result === 'nothing',
    undeclared: told,
  }
}

interface Walk {
  readonly root: JsonSchema
  readonly undeclared: Map<string, readonly string[]>
}

function withDefinitions(schema: JsonSchema, { $defs }: JsonSchema): JsonSchema {
  return $defs && JSON.stringify(schema).includes('"#/$defs/') ? { ...schema, $defs } : schema
}

function follow(node: FilterNode, on: Selected, walk: Walk): Selected {
  if (on === 'nothing' && node.type !== 'Literal') return on
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
    case 'Slice':
      return listOf(itemsOf(on, walk))
    case 'Subexpression':
    case 'IndexExpression':
    case 'Pipe':
      return node.children.reduce((at, child) => follow(child, at, walk), on)
    case 'Projection':
    case 'FilterProjection': {
      const items = itemsOf(follow(node.children[0]!, on, walk), walk)
      // Names in a condition are looked up in the items, too.
      if (node.children[2]) follow(node.children[2], items, walk)
      return project(items, node.children[1]!, walk)
    }
    case 'ValueProjection':
      return project(valuesOf(follow(node.children[0]!, on, walk), walk), node.children[1]!, walk)
    case 'Flatten':
      return flatten(follow(node.children[0]!, on, walk), walk)
    case 'MultiSelectHash':
      return hash(node, on, walk)
    case 'MultiSelectList':
      return {
        schema: { type: 'array', items: schemaOf(union(node.children.map((child) => follow(child, on, walk)))) },
        nullable: isNullable(on),
      }
    case 'Comparator':
    case 'NotExpression':
      for (const child of node.children) follow(child, on, walk)
      return selected({ type: 'boolean' }, true)
    case 'AndExpression':
    case 'OrExpression':
      return union(node.children.map((child) => follow(child, on, walk)))
    case 'Function':
      return typeOfFunction(
        node.name,
        node.children,
        (child, at = on) => follow(child, at, walk),
        (list) => itemsOf(list, walk),
      )
    case 'ExpressionReference':
      return follow(node.children[0]!, on, walk)
  }
}

function isNullable(one: Selected): boolean {
  return one === 'nothing' || one.nullable
}

/** What each form of the value has for it, in all its parts. */
function eachForm(
  on: Selected,
  walk: Walk,
  type: 'object' | 'array',
  take: (parts: JsonSchema[]) => Selected,
): Selected {
  if (on === 'nothing') return on
  const taken = formsOf(on.schema, walk.root).map((form) => {
    const parts = partsOf(form, walk.root)
    const isOther = !mayBe(type, parts)
    return isOther ? 'nothing' : mayBe('null', parts) ? orNull(take(parts)) : take(parts)
  })
  return on.nullable ? orNull(union(taken)) : union(taken)
}

function field(name: string, on: Selected, walk: Walk): Selected {
  const result = eachForm(on, walk, 'object', (parts) => {
    const own = parts.flatMap(({ properties }) =>
      isObject(properties) && Object.hasOwn(properties, name) ? [asSchema(properties[name])] : [],
    )
    const isRequired = parts.some(({ required }) => Array.isArray(required) && required.includes(name))
    if (own.length > 0) return selected(own.length === 1 ? own[0]! : { allOf: own }, !isRequired)
    const others = parts.map(({ additionalProperties }) => additionalProperties).filter((one) => one !== undefined)
    const open = others.find((one) => isObject(one) && Object.keys(one).length > 0)
    if (isObject(open)) return selected(open, true)
    // A schema that names members and not this one may allow it, but does not know it.
    return parts.some(({ properties }) => isObject(properties)) ? 'nothing' : ANY
  })
  if (result === 'nothing') walk.undeclared.set(name, declaredIn(on, walk))
  return result
}

function declaredIn(on: Selected, { root }: Walk): string[] {
  if (on === 'nothing') return []
  const parts = formsOf(on.schema, root).flatMap((form) => partsOf(form, root))
  return [...new Set(parts.flatMap(({ properties }) => (isObject(properties) ? Object.keys(properties) : [])))]
}

function itemsOf(on: Selected, walk: Walk): Selected {
  return eachForm(on, walk, 'array', (parts) => {
    const lists = parts.map(({ items }) => items).filter((items) => items !== undefined)
    const tuples = parts.flatMap(({ prefixItems }) => (Array.isArray(prefixItems) ? prefixItems : []))
    const all = [...lists, ...tuples].map((one) => selected(asSchema(one)))
    return all.length > 0 ? union(all) : ANY
  })
}

function valuesOf(on: Selected, walk: Walk): Selected {
  return eachForm(on, walk, 'object', (parts) => {
    const named = parts.flatMap(({ properties }) => (isObject(properties) ? Object.values(properties) : []))
    const others = parts.map(({ additionalProperties }) => additionalProperties).filter(isObject)
    const all = [...named, ...others].map((one) => selected(asSchema(one)))
    return all.length > 0 ? union(all) : ANY
  })
}

/** A list of what a part selects of each item; what is null is left out. */
function project(items: Selected, node: FilterNode, walk: Walk): Selected {
  return items === 'nothing' ? items : listOf(follow(node, { ...items, nullable: false }, walk), isNullable(items))
}

/** A list can be there and be empty, so it is never nothing; what it would hold may be. */
function listOf(items: Selected, nullable = true): Selected {
  return items === 'nothing' ? items : selected({ type: 'array', items: items.schema }, nullable)
}

function flatten(on: Selected, walk: Walk): Selected {
  const items = itemsOf(on, walk)
  if (items === 'nothing') return items
  const inner = formsOf(items.schema, walk.root).map((form): Selected => {
    const parts = partsOf(form, walk.root)
    if (Object.keys(form).length === 0) return ANY
    return mayBe('array', parts) && parts.some(({ type }) => type !== undefined)
      ? itemsOf(selected(form), walk)
      : selected(form)
  })
  return listOf(union(inner), isNullable(on))
}

function hash(node: Extract<FilterNode, { type: 'MultiSelectHash' }>, on: Selected, walk: Walk): Selected {
  const members = node.children.map(({ name, value }) => [name, follow(value, on, walk)] as const)
  if (members.length > 0 && members.every(([, one]) => one === 'nothing')) return 'nothing'
  const properties = Object.fromEntries(members.map(([name, one]) => [name, schemaOf(one)]))
  const required = members.map(([name]) => name)
  return selected({ type: 'object', properties, required, additionalProperties: false }, isNullable(on))
}

function asSchema(value: unknown): JsonSchema {
  return isObject(value) ? value : {}
}
