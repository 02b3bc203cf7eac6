import type { JsonSchema } from '@sluice/contract'
import { isObject, nearestName, objectOf, parseJson, resolveLocal } from '@sluice/schema'
import { cutText } from './cut-text.ts'
import { elideSchema } from './elide-schema.ts'
import { schemaAt, withOwnDefinitions } from './schema-at.ts'
import { signatureOf, WHOLE } from './signature.ts'
import { type FindableTool, routeOf } from './tool-words.ts'
import { typeText } from './type-text.ts'

export interface DescribeRequest {
  readonly names: readonly string[]
  readonly format: 'signature' | 'schema'
  /** A part of the arguments (`filter.range`), or of the answer (`result.items`). */
  readonly path?: string
}

/** What tools take and answer, within a budget that they share. `find` gives what the caller may see. */
export function describeTools(
  { names, format, path }: DescribeRequest,
  find: (name: string) => FindableTool | undefined,
  known: () => Iterable<string>,
): string {
  const wanted = [...new Set(names)]
  const chars = Math.floor(MOST_CHARS / wanted.length)
  let guesses = MOST_GUESSES
  const texts = wanted.map((name) => {
    const tool = find(name)
    if (!tool) return unknownTool(name, guesses-- > 0 ? known() : [])
    if (path) return describePart(tool, { path, format }, chars)
    return format === 'schema' ? describeAsSchema(tool, chars) : describeAsSignature(tool, chars)
  })
  return texts.join('\n\n')
}

/** About 3,500 tokens. */
const MOST_CHARS = 12_000
/** Each unknown name is held against all that there are. */
const MOST_GUESSES = 3

/** The same for a tool that there is not and one that this caller may not see. */
export function unknownTool(name: string, known: Iterable<string>): string {
  const near = nearestName(name, known)
  const advice = near ? `Did you mean ${near}?` : 'Find the name with search_tools.'
  return `There is no tool named ${JSON.stringify(cutText(name, 100))}. ${advice}`
}

function describeAsSignature(tool: FindableTool, chars: number): string {
  const { operation, description, inputSchema } = tool
  const route = routeOf(operation)
  const head = [signatureOf(tool, WHOLE), route, description].filter((line, at) => at < 2 || line !== route).join('\n')
  const members = tellMembers(inputSchema, inputSchema, chars - head.length)
  return cutText([head, ...(members.length > 0 ? ['Arguments:', ...members] : [])].join('\n'), chars)
}

/** What is said of each member, and of theirs, as much as fits; what is missing is told. */
function tellMembers(schema: JsonSchema, root: JsonSchema, chars: number): string[] {
  const lines: string[] = []
  const members = membersOf(schema, root)
  let left = chars
  for (const [at, { path, member }] of members.entries()) {
    const said = saysOf(member, root)
    if (said === '') continue
    const line = `  ${path}: ${said}`
    left -= line.length + 1
    if (left < 0) {
      lines.push(`  … and ${members.length - at} more`)
      break
    }
    lines.push(line)
  }
  return lines
}

/** Levels of members that are told of. */
const MOST_NESTED = 3
const MOST_MEMBERS = 500

interface Member {
  readonly path: string
  readonly member: unknown
}

/** A level before the next one: what is deepest is left out first. */
function membersOf(schema: JsonSchema, root: JsonSchema): Member[] {
  let level: Array<{ readonly schema: JsonSchema; readonly prefix: string }> = [{ schema, prefix: '' }]
  const found: Member[] = []
  for (let depth = 0; depth < MOST_NESTED && found.length < MOST_MEMBERS; depth++) {
    const members = level.flatMap((one) =>
      Object.entries(objectOf(itemOf(one.schema, root).properties)).map(([name, member]) => {
        return { path: `${one.prefix}${name}`, member }
      }),
    )
    found.push(...members)
    level = members.flatMap(({ path, member }) => (isObject(member) ? [{ schema: member, prefix: `${path}.` }] : []))
  }
  return found.slice(0, MOST_MEMBERS)
}

/** What a list is of, and what a reference stands for. */
function itemOf(schema: JsonSchema, root: JsonSchema): JsonSchema {
  const own = resolveLocal(schema, root)
  return isObject(own.items) ? resolveLocal(own.items, root) : own
}

function saysOf(member: unknown, root: JsonSchema): string {
  if (!isObject(member)) return ''
  const { description, format, default: standard, pattern } = resolveLocal(member, root)
  const notes = [
    typeof description === 'string' ? cutText(description.replaceAll(/\s+/g, ' ').trim(), 240) : '',
    typeof format === 'string' ? `(${format})` : '',
    standard === undefined ? '' : `(default ${cutText(JSON.stringify(standard), 60)})`,
    typeof pattern === 'string' && pattern.length < 80 ? `(matches ${pattern})` : '',
  ]
  return notes.filter(Boolean).join(' ')
}

function describeAsSchema(tool: FindableTool, chars: number): string {
  const { name, description, inputSchema, answer } = tool
  const share = answer === undefined ? chars : Math.floor(chars * 0.6)
  const shown = {
    name,
    description: cutText(description, 1_000),
    inputSchema: elideSchema(inputSchema, share),
    ...(answer === undefined
      ? {}
      : { outputSchema: elideSchema(parseJson(answer) as JsonSchema, chars - share, 'result') }),
  }
  return JSON.stringify(shown)
}

function describePart(
  tool: FindableTool,
  { path: asked, format }: Required<Pick<DescribeRequest, 'path' | 'format'>>,
  chars: number,
): string {
  const path = isThere(tool, asked) ? asked : asked.replaceAll(LIST_MARKS, '')
  const root = rootOf(tool, path)
  if (!root) return `What ${tool.name} answers with is not known: its document does not say.`
  const found = schemaAt(root, namesOf(path))
  if ('missing' in found) {
    if (found.isOpen)
      return `Whether ${tool.name} has ${path} is not known: what holds ${JSON.stringify(found.missing)} may have any members.`
    const among = found.known.length > 0 ? `It has: ${cutText(found.known.join(', '), 600)}.` : 'It has no members.'
    return `${tool.name} has no ${path}: ${JSON.stringify(found.missing)} is not there. ${among}`
  }
  if (format === 'schema') {
    return JSON.stringify({
      name: tool.name,
      path,
      schema: elideSchema(withOwnDefinitions(found.schema, root), chars, path),
    })
  }
  const type = typeText(found.schema, root, { chars: Math.floor(chars / 2), depth: 8 })
  const members = tellMembers(found.schema, root, chars - type.length - path.length)
  const said = saysOf(found.schema, root)
  return cutText([`${tool.name} ${path}: ${type}`, ...(said ? [said] : []), ...members].join('\n'), chars)
}

/** Models write them, `lines[].price`; lists are entered without, and a few APIs have them in names, `ids[]`. */
const LIST_MARKS = /\[\d*\]/g

function isThere(tool: FindableTool, path: string): boolean {
  const root = rootOf(tool, path)
  return root !== undefined && 'schema' in schemaAt(root, namesOf(path))
}

function rootOf(tool: FindableTool, path: string): JsonSchema | undefined {
  return isOfAnswer(path) ? answerOf(tool) : tool.inputSchema
}

function namesOf(path: string): string[] {
  const parts = path.split('.').filter((part) => part !== '')
  return isOfAnswer(path) ? parts.slice(1) : parts
}

function isOfAnswer(path: string): boolean {
  return /^\.*result(\.|$)/.test(path)
}

function answerOf({ answer }: FindableTool): JsonSchema | undefined {
  return answer === undefined ? undefined : (parseJson(answer) as JsonSchema)
}
