import type { CatalogTool } from '@sluice/contract'
import { isObject, objectOf } from '@sluice/schema'
import { remembered } from './remembered.ts'
import { termsOf } from './words.ts'

/** A tool as it is found. */
export type FindableTool = Pick<
  CatalogTool,
  'name' | 'title' | 'description' | 'tags' | 'annotations' | 'operation' | 'wireSchema' | 'inputSchema' | 'answer'
> & {
  /** The slug of its upstream. */
  readonly upstream: string
}

/** The terms of a tool, by where they stand. */
export type ToolWords = Readonly<Record<Field, readonly string[]>>

/** What a term is worth where it stands. */
export const FIELDS = {
  /** The last literal part of the path: what the tool is about. */
  tail: 1.5,
  path: 1.5,
  /** Expressions of the path. */
  params: 1.5,
  name: 1.5,
  title: 1.8,
  tags: 1.2,
  description: 1,
  arguments: 0.6,
  values: 0.5,
  result: 0.5,
  upstream: 1,
} as const
export type Field = keyof typeof FIELDS

export function wordsOfTool(tool: FindableTool): ToolWords {
  const { path, operationId, method } = tool.operation
  const literals = literalsOf(path)
  const inPath = termsOfNames(literals)
  const hasTitle = tool.title !== `${method} ${path}` && tool.title !== tool.name
  const title = hasTitle ? tool.title : firstSentence(tool.description)
  const said = tool.description.startsWith(title) ? tool.description.slice(title.length) : tool.description
  const properties = firstMembers(objectOf(tool.wireSchema.properties), MOST_ARGUMENTS)
  return {
    tail: termsOfName(literals.at(-1) ?? ''),
    path: termsOfNames(literals.slice(0, -1)),
    params: termsOfNames(expressionsOf(path)),
    // Some APIs name an operation as its path: that says nothing twice.
    name: termsOf(operationId ?? tool.name).filter((term) => !inPath.includes(term)),
    title: termsOf(title),
    tags: termsOfNames(tool.tags),
    description: termsOf(said.slice(0, DESCRIPTION_CHARS)),
    arguments: termsOfArguments(properties),
    values: termsOf(properties.flatMap(([, schema]) => valuesOf(schema)).join(' ')),
    result: termsOfAnswer((tool.answer ?? '').slice(0, ANSWER_CHARS)),
    upstream: termsOfName(tool.upstream),
  }
}

/** Method and path; a composite has no path. */
export function routeOf({ method, path }: FindableTool['operation']): string {
  return path === '' ? 'composite' : `${method} ${path}`
}

function termsOfArguments(properties: ReadonlyArray<readonly [string, unknown]>): string[] {
  const terms: string[] = []
  for (const [name, schema] of properties) {
    for (const term of termsOfName(name)) terms.push(term)
    for (const term of termsOfArgument(descriptionOf(schema))) terms.push(term)
  }
  return terms
}

/** Most tools of an API have the same few. */
const termsOfArgument = remembered(15_000, termsOf)

function firstMembers(members: Readonly<Record<string, unknown>>, most: number): Array<readonly [string, unknown]> {
  const first: Array<readonly [string, unknown]> = []
  for (const name in members) {
    if (first.length === most) break
    first.push([name, members[name]])
  }
  return first
}

const MOST_ARGUMENTS = 25
const DESCRIPTION_CHARS = 300
const ARGUMENT_CHARS = 80
const MOST_VALUES = 30
const ANSWER_CHARS = 2_300
const MOST_NAMES = 40

/** Parts of a path that name something: no expressions, no versions. */
function literalsOf(path: string): string[] {
  return path.split(/[/?#]/).filter((part) => part !== '' && !part.includes('{') && !IDLE_PARTS.test(part))
}

const IDLE_PARTS = /^(?:v\d+(?:\.\d+)?|apis?|rest)$/i

/** Names of the expressions in a path, in order. */
export function expressionsOf(path: string): string[] {
  if (!path.includes('{')) return []
  return [...path.matchAll(/\{([^}]*)\}/g)].map(([, name]) => name!)
}

function firstSentence(text: string): string {
  return text.split(/(?<=[.!?])\s|\n/, 1)[0]!
}

function descriptionOf(schema: unknown): string {
  return isObject(schema) && typeof schema.description === 'string' ? schema.description.slice(0, ARGUMENT_CHARS) : ''
}

function valuesOf(schema: unknown): string[] {
  if (!isObject(schema)) return []
  const values = schema.enum ?? (isObject(schema.items) ? schema.items.enum : undefined)
  return Array.isArray(values) ? values.filter((value) => typeof value === 'string').slice(0, MOST_VALUES) : []
}

/** Terms of the names of members of what a tool answers with, as far as the text of its schema tells them. Neighbours answer alike. */
const termsOfAnswer = remembered(100, (text: string): string[] => {
  const names = new Set<string>()
  const terms = new Set<string>()
  for (let at = text.indexOf(OPENS); at >= 0 && names.size < MOST_NAMES; at = text.indexOf(OPENS, at + 1)) {
    const from = text.lastIndexOf('"', at - 1) + 1
    const name = at - from <= MEMBER_CHARS ? text.slice(from, at) : ''
    const own = termsOfMember(name)
    if (own === null || names.has(name)) continue
    names.add(name)
    for (const term of own) terms.add(term)
  }
  return [...terms]
})

/** A name ends here whose value is an object. */
const OPENS = '":{'
const MEMBER = /^[\w-]+$/
const MEMBER_CHARS = 60
const SCHEMA_WORDS = new Set(['properties', 'items', '$defs', 'additionalProperties', 'patternProperties', 'not'])

/** Of a name, or of what is as short and comes as often. */
export const termsOfName = remembered(40_000, termsOf)

/** `null`: that is no name of a member. */
const termsOfMember = remembered(40_000, (name) =>
  MEMBER.test(name) && !SCHEMA_WORDS.has(name) ? termsOfName(name) : null,
)

function termsOfNames(names: readonly string[]): string[] {
  const terms: string[] = []
  for (const name of names) for (const term of termsOfName(name)) terms.push(term)
  return terms
}
