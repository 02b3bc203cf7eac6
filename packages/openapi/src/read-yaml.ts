import { LIMITS } from '@sluice/contract'
import { isExactNumber, isObject, parseJson } from '@sluice/schema'
import {
  boolCoreTag,
  CORE_SCHEMA,
  constructFromEvents,
  defineMappingTag,
  defineScalarTag,
  defineSequenceTag,
  floatCoreTag,
  intCoreTag,
  mapTag,
  mergeTag,
  NOT_RESOLVED,
  parseEvents,
  type ScalarTagDefinition,
  type Schema,
} from 'js-yaml'
import { parseDocument, visit } from 'yaml'
import type { Overwritten } from './key-twice.ts'

export interface ReadYaml {
  readonly tree: unknown
  /** What stood under a key that stands again in the same object: the last counts. */
  readonly overwritten: readonly Overwritten[]
  /** What the text is made of, in its order: where things stand. */
  readonly events?: YamlEvents
}

export type YamlEvents = ReturnType<typeof parseEvents>

type Holder = Record<string, unknown> | unknown[]

/** A number or a boolean that the text writes in another way than JavaScript would: `1.10`, `007`, `True`. */
interface Written {
  readonly value: unknown
  readonly text: string
}

interface Reading {
  readonly written: WeakSet<object>
  /** What holds such values, or lists of them. */
  readonly holders: Set<Holder>
  readonly overwritten: Overwritten[]
}

/**
 * YAML 1.2: no dates, `on` and `yes` are strings. The merge key is kept: real documents use it. Numbers that a double cannot hold
 * keep their digits (B56), and what a schema of type string lists or assumes is the text as written (B5).
 * @throws Error as js-yaml does
 */
export function readYaml(text: string): ReadYaml {
  const reading: Reading = { written: new WeakSet(), holders: new Set(), overwritten: [] }
  const events = parseEvents(text, { maxDepth: LIMITS.specDepth })
  const [tree, ...others] = constructFromEvents(events, { schema: schemaFor(reading), json: true, source: text })
  if (events.length === 0) throw new Error('nothing stands in it')
  if (others.length > 0) throw new Error('several documents stand in it, parted by ---')
  settle(reading)
  return { tree: meantBy(tree, reading), overwritten: reading.overwritten, events }
}

function schemaFor(reading: Reading): Schema {
  const scalars = [beyondDoubles(intCoreTag), floatCoreTag, boolCoreTag].map((tag) => asWritten(tag, reading))
  return CORE_SCHEMA.withTags(mergeTag, ...scalars, mappingTag(reading), sequenceTag(reading))
}

function asWritten(tag: ScalarTagDefinition, { written }: Reading): ScalarTagDefinition {
  const resolve: ScalarTagDefinition['resolve'] = (source, isExplicit, tagName) => {
    const value = tag.resolve(source, isExplicit, tagName)
    if (value === NOT_RESOLVED || isExactNumber(value) || String(value) === source) return value
    const exact = exactly(source, value)
    if (exact !== value) return exact
    const both: Written = { value, text: source }
    written.add(both)
    return both
  }
  return defineScalarTag(tag.tagName, { ...tag, resolve })
}

/** Of a number that has more digits before its point than a double reaches, js-yaml makes a text. */
export function beyondDoubles(tag: ScalarTagDefinition): ScalarTagDefinition {
  const resolve: ScalarTagDefinition['resolve'] = (source, isExplicit, tagName) => {
    const value = tag.resolve(source, isExplicit, tagName)
    return value === NOT_RESOLVED && BEYOND_DOUBLES.test(source) ? parseJson(source) : value
  }
  return { ...tag, resolve }
}

const BEYOND_DOUBLES = /^-?[1-9]\d{308,}(\.\d+)?$/

/** As `parseJson` reads a number, whose texts have neither a plus nor leading zeros. `1e100` is the shortest that may lose digits. */
function exactly(source: string, value: unknown): unknown {
  if (typeof value !== 'number' || source.length < 5) return value
  const decimal = source.replace(/^\+/, '').replace(/^(-?)0+(?=\d)/, '$1')
  return JSON_NUMBER.test(decimal) ? parseJson(decimal) : value
}

const JSON_NUMBER = /^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/

function mappingTag(reading: Reading) {
  // With `json` only a merge asks whether a key is there, and puts it where it is not: what is written beside it may differ.
  const merged = new WeakMap<object, Set<string>>()
  return defineMappingTag<Record<string, unknown>>(mapTag.tagName, {
    ...mapTag,
    create: () => ({}),
    has: (holder, given) => {
      const key = String(given)
      if (Object.hasOwn(holder, key)) return true
      merged.set(holder, (merged.get(holder) ?? new Set()).add(key))
      return false
    },
    addPair: (holder, given, value) => {
      const key = isWritten(given, reading) ? given.text : isExactNumber(given) ? given.rawJSON : given
      const name = String(key)
      if (Object.hasOwn(holder, name) && !merged.get(holder)?.delete(name))
        reading.overwritten.push({ holder, key: name, before: holder[name] })
      if (isWritten(value, reading) || (Array.isArray(value) && reading.holders.has(value))) reading.holders.add(holder)
      return mapTag.addPair(holder, key, value)
    },
  })
}

function sequenceTag(reading: Reading) {
  return defineSequenceTag<unknown[]>('tag:yaml.org,2002:seq', {
    create: () => [],
    addItem: (holder, item) => {
      if (isWritten(item, reading)) reading.holders.add(holder)
      holder.push(item)
    },
    identify: Array.isArray,
  })
}

/** Names are texts, and so is what a schema of type string lists or assumes; elsewhere the value counts. */
function settle(reading: Reading): void {
  const textOf = (value: unknown) => (isWritten(value, reading) ? value.text : value)
  const holders = [...reading.holders]
  for (const holder of holders) {
    if (Array.isArray(holder)) continue
    const textual = [...namesIn(holder), ...(isTextual(holder.type) ? VALUES : [])]
    for (const key of textual.filter((name) => Object.hasOwn(holder, name))) {
      const value = holder[key]
      holder[key] = Array.isArray(value) ? value.map(textOf) : textOf(value)
    }
  }
  for (const holder of holders)
    for (const [key, value] of Object.entries(holder))
      if (isWritten(value, reading)) Object.defineProperty(holder, key, { value: value.value })
}

/** What is a name in a parameter, an operation or a schema; in an example the same word is a member like any other. */
function namesIn(holder: Record<string, unknown>): string[] {
  if (typeof holder.in === 'string') return ['name']
  if (Object.hasOwn(holder, 'responses')) return ['operationId', 'summary', 'tags']
  return isObject(holder.properties) || Array.isArray(holder.allOf) ? ['required'] : []
}

const VALUES = ['enum', 'const', 'default', 'example', 'examples']

function isTextual(type: unknown): boolean {
  const types = [type].flat()
  return types.includes('string') && !['number', 'integer', 'boolean'].some((other) => types.includes(other))
}

function meantBy(value: unknown, reading: Reading): unknown {
  return isWritten(value, reading) ? value.value : value
}

function isWritten(value: unknown, { written }: Reading): value is Written {
  return typeof value === 'object' && value !== null && written.has(value)
}

/**
 * Published documents break rules that most readers let pass (a closing bracket that is not indented). Five times slower, so
 * second.
 */
export function readLeniently(text: string): unknown {
  try {
    const document = parseDocument(text, { strict: false, uniqueKeys: false, merge: true, logLevel: 'silent' })
    if (document.errors.length > 0) return undefined
    visit(document, {
      Scalar: (_key, node) => {
        if (node.source !== undefined) node.value = exactly(node.source, node.value)
      },
    })
    return document.toJS({ maxAliasCount: MOST_ALIASES })
  } catch {
    return undefined
  }
}

const MOST_ALIASES = 10_000
