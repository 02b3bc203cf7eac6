import { type ChangeNote, type JsonSchema, type OperationDefinition, RISKS } from '@sluice/contract'
import { isObject, isRecord } from '@sluice/schema'
import { namesReachedFrom, namesReaching } from './names-reaching.ts'
import { same } from './same-json.ts'

type What = ChangeNote['what'][number]
type Risk = ChangeNote['risk']

/** One thing that is other than before. */
interface Difference {
  readonly what: What
  readonly risk: Risk
  readonly detail: string
}

/** What changed between two versions of an operation, and how much that is to the agents that call it (S29). */
export function weighChange(before: OperationDefinition, after: OperationDefinition): ChangeNote {
  return noteOf([
    ...movedBetween(before, after),
    ...argumentsBetween(before.operation.inputSchema, after.operation.inputSchema),
    ...definitionsBetween(before.operation.inputSchema, after.operation.inputSchema),
    ...textsBetween(before, after),
    ...differ(
      'security',
      'review',
      'What it needs to be authorized is another',
      before.operation.security,
      after.operation.security,
    ),
    ...differ(
      'request',
      'review',
      'Its arguments go elsewhere in the request',
      requestOf(before, after),
      requestOf(after, before),
    ),
    ...hostBetween(before, after),
    // Keys may be bound to tags, and clients ask before what destroys.
    ...differ('tags', 'review', 'Its tags are others', before.operation.tags, after.operation.tags),
    ...differ('hints', 'review', 'Its hints are others', before.annotations, after.annotations),
    ...differ(
      'text',
      'review',
      'Its answers read otherwise',
      textsIn(before.outputSchema),
      textsIn(after.outputSchema),
    ),
    ...differ('answer', 'safe', 'Its answers are described otherwise', answerOf(before), answerOf(after)),
  ])
}

function noteOf(differences: readonly Difference[]): ChangeNote {
  const worst = differences.toSorted((a, b) => RISKS.indexOf(b.risk) - RISKS.indexOf(a.risk))
  return {
    risk: worst[0]?.risk ?? 'safe',
    what: [...new Set(worst.map(({ what }) => what))],
    details: [...new Set(worst.map(({ detail }) => detail))].slice(0, 10),
  }
}

function differ(what: What, risk: Risk, detail: string, before: unknown, after: unknown): Difference[] {
  return same(before, after) ? [] : [{ what, risk, detail }]
}

function movedBetween(
  { operation: before }: OperationDefinition,
  { operation: after }: OperationDefinition,
): Difference[] {
  const from = `${before.method} ${before.path}`
  const to = `${after.method} ${after.path}`
  return differ('moved', 'review', `${from} is ${to} now`, from, to)
}

function hostBetween(
  { operation: { baseUrl: before } }: OperationDefinition,
  { operation: { baseUrl: after } }: OperationDefinition,
): Difference[] {
  const [from, to] = [before, after].map((url) => url ?? 'where those of the whole API go')
  return differ('request', 'review', `Its calls go to ${to}, not to ${from}`, before, after)
}

function argumentsBetween(before: JsonSchema, after: JsonSchema): Difference[] {
  const [old, current] = [propertiesOf(before), propertiesOf(after)]
  const required = new Set(requiredOf(after))
  const wasRequired = new Set(requiredOf(before))
  const gone = Object.keys(old).filter((name) => !Object.hasOwn(current, name))
  const added = Object.keys(current).filter((name) => !Object.hasOwn(old, name))
  const kept = Object.keys(current).filter((name) => Object.hasOwn(old, name))
  const say = (risk: Risk, detail: string): Difference => ({ what: 'arguments', risk, detail })
  return [
    ...gone.map((name) => say('breaking', `The argument "${name}" is gone`)),
    ...added.map((name) =>
      required.has(name)
        ? say('breaking', `The argument "${name}" is new and required`)
        : say(saysMore(name, before, after) ? 'review' : 'safe', `The argument "${name}" is new`),
    ),
    ...kept.flatMap((name) => {
      if (required.has(name) && !wasRequired.has(name))
        return [say('breaking', `The argument "${name}" is required now`)]
      return !required.has(name) && wasRequired.has(name)
        ? [say('safe', `The argument "${name}" is no longer required`)]
        : []
    }),
    ...(same(togetherOf(before), togetherOf(after)) || [...gone, ...added].length > 0
      ? []
      : [say('breaking', 'Which arguments are needed together is another')]),
    ...kept.flatMap((name) => schemasBetween(`"${name}"`, old[name], current[name])),
  ]
}

/** Whether a model reads anything of a new argument, also of what it refers to and that is new, too. */
function saysMore(name: string, before: JsonSchema, after: JsonSchema): boolean {
  const [old, current] = [definitionsOf(before), definitionsOf(after)]
  const own = propertiesOf(after)[name]
  const added = [...namesReachedFrom(own, current)].filter((definition) => !Object.hasOwn(old, definition))
  return [own, ...added.map((definition) => current[definition])].some((schema) => textsIn(schema).length > 0)
}

function togetherOf({ dependentRequired }: JsonSchema): unknown {
  const entries = Object.entries(isObject(dependentRequired) ? dependentRequired : {})
  return Object.fromEntries(entries.map(([name, names]) => [name, [names].flat().toSorted()]))
}

function definitionsBetween(before: JsonSchema, after: JsonSchema): Difference[] {
  const [old, current] = [definitionsOf(before), definitionsOf(after)]
  const both = Object.keys(current).filter((name) => Object.hasOwn(old, name))
  const changed = both.filter((name) => schemasBetween(name, old[name], current[name]).length > 0)
  return changed.flatMap((name) => {
    const listed = namesReaching(after, name).map((argument) => JSON.stringify(argument))
    return schemasBetween(listed.join(', ') || name, old[name], current[name])
  })
}

/** What a schema takes, its texts apart: wider is safe, another type or fewer values is breaking, all else is for a person. */
function schemasBetween(name: string, before: unknown, after: unknown): Difference[] {
  const [old, current] = [withoutTexts(before), withoutTexts(after)]
  if (same(old, current)) return []
  const [lost, isOnly] = [lostOf(old, current), onlyWider(old, current)]
  if (lost) return [{ what: 'schema', risk: 'breaking', detail: `${name} no longer takes ${lost}` }]
  return [{ what: 'schema', risk: isOnly ? 'safe' : 'review', detail: `${name} takes other values than before` }]
}

function lostOf(before: unknown, after: unknown): string | undefined {
  if (!isObject(before) || !isObject(after)) return undefined
  return lostType(typesOf(before), typesOf(after)) ?? lostValue(before.enum, after.enum)
}

function lostType(before: readonly unknown[], after: readonly unknown[]): string | undefined {
  if (after.length === 0) return undefined
  if (before.length === 0) return 'values of other types'
  const lost = before.find((type) => !after.includes(type) && !(type === 'integer' && after.includes('number')))
  return lost === undefined ? undefined : String(lost)
}

function lostValue(before: unknown, after: unknown): string | undefined {
  if (!Array.isArray(after)) return undefined
  if (!Array.isArray(before)) return 'values that are not listed'
  const values = after.map((value) => JSON.stringify(value))
  const lost = before.find((value) => !values.includes(JSON.stringify(value)))
  return lost === undefined ? undefined : JSON.stringify(lost)
}

function typesOf(schema: Record<string, unknown>): unknown[] {
  return schema.type === undefined ? [] : [schema.type].flat()
}

/** Whether nothing but the list of types or values differs, which then grew by what reads like values. */
function onlyWider(before: unknown, after: unknown): boolean {
  if (!isObject(before) || !isObject(after)) return false
  const { type: _oldType, enum: _oldEnum, ...old } = before
  const { type: _newType, enum: newEnum, ...current } = after
  const isPlain = !Array.isArray(newEnum) || newEnum.every((value) => typeof value !== 'string' || PLAIN.test(value))
  return isPlain && same(old, current)
}

/** A value, not a sentence: a model reads these too. */
const PLAIN = /^\S{0,40}$/

/** A model reads these: other words may make it do other things. */
function textsBetween(before: OperationDefinition, after: OperationDefinition): Difference[] {
  const say = (what: string) => `${what} reads otherwise`
  return [
    ...differ('text', 'review', say('Its title'), before.title, after.title),
    ...differ('text', 'review', say('Its description'), before.description, after.description),
    ...argumentTextsBetween(before.operation.inputSchema, after.operation.inputSchema),
  ]
}

/** Of arguments and of definitions that both have, which may be called the same: what a new one says is part of its being new. */
function argumentTextsBetween(before: JsonSchema, after: JsonSchema): Difference[] {
  return [propertiesOf, definitionsOf].flatMap((partsOf) => {
    const [old, current] = [partsOf(before), partsOf(after)]
    return Object.keys(current)
      .filter((name) => Object.hasOwn(old, name))
      .flatMap((name) =>
        differ('text', 'review', `What "${name}" means reads otherwise`, textsIn(old[name]), textsIn(current[name])),
      )
  })
}

const TEXTS = new Set(['description', 'title', 'examples', 'default'])

function withoutTexts(value: unknown, isNamed = false): unknown {
  if (Array.isArray(value)) return value.map((item) => withoutTexts(item))
  if (!isRecord(value)) return value
  const entries = Object.entries(value).filter(([key]) => isNamed || !TEXTS.has(key))
  return Object.fromEntries(entries.map(([key, item]) => [key, withoutTexts(item, !isNamed && NAMED.has(key))]))
}

const NAMED = new Set(['properties', 'patternProperties', '$defs', 'dependentSchemas'])
const VALUES = new Set(['enum', 'const'])

function isSentence(value: unknown): boolean {
  return typeof value === 'string' && !PLAIN.test(value)
}

/**
 * All that a model could read of a schema: texts, examples, defaults, and values and names that are sentences; whatever the order of its
 * members is, which means nothing.
 */
function textsIn(schema: unknown): unknown[] {
  const texts: unknown[] = []
  const walk = (value: unknown, isNamed: boolean): void => {
    if (Array.isArray(value)) for (const item of value) walk(item, false)
    if (!isObject(value)) return
    for (const key of Object.keys(value).sort()) {
      const item = value[key]
      if (isNamed && !PLAIN.test(key)) texts.push(key)
      if (!isNamed && TEXTS.has(key)) texts.push([key, item])
      else if (!isNamed && VALUES.has(key)) texts.push(...[item].flat().filter(isSentence))
      else walk(item, !isNamed && NAMED.has(key))
    }
  }
  walk(schema, false)
  return texts
}

/** Where the arguments that both have go, and where the request goes. */
function requestOf({ operation }: OperationDefinition, other: OperationDefinition): unknown {
  const { parameters, body, accept } = operation
  const shared = new Set(Object.keys(propertiesOf(other.operation.inputSchema)))
  const isShared = ({ argument }: { readonly argument: string }) => shared.has(argument)
  const from = body && 'properties' in body.from ? byArgument(body.from.properties.filter(isShared)) : body?.from
  // Whether an argument is required, and which there are, is told apart from where they go.
  const contents = body?.contents.map(({ properties: _properties, required: _required, ...content }) => content)
  const places = parameters.filter(isShared).map(({ required: _required, ...place }) => place)
  return { places: byArgument(places), from, contents, isRequired: body?.required, accept }
}

/** The order of a document's members means nothing. */
function byArgument<T extends { readonly argument: string }>(places: readonly T[]): T[] {
  return places.toSorted((one, other) => (one.argument < other.argument ? -1 : 1))
}

function answerOf({ operation, outputSchema }: OperationDefinition): unknown {
  return { responses: operation.responses, outputSchema: withoutTexts(outputSchema) }
}

function propertiesOf({ properties }: JsonSchema): Record<string, unknown> {
  return isObject(properties) ? properties : {}
}

function definitionsOf({ $defs }: JsonSchema): Record<string, unknown> {
  return isObject($defs) ? $defs : {}
}

function requiredOf({ required }: JsonSchema): string[] {
  return Array.isArray(required) ? (required as string[]) : []
}
