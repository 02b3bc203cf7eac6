import { type Diagnostic, LIMITS, Problem } from '@sluice/contract'
import { isExactNumber, isObject, parseJson } from '@sluice/schema'
import { countKeys, withoutComments } from './json-text.ts'
import { settleTwice } from './key-twice.ts'
import { type ReadYaml, readLeniently, readYaml, type YamlEvents } from './read-yaml.ts'

export type SpecFamily = '2.0' | '3.0' | '3.1' | '3.2'

/** A document that says it is OpenAPI or Swagger. Nothing below the root has been looked at. */
export interface SpecDocument {
  readonly root: Record<string, unknown>
  /** As the document writes it: "3.0.3". */
  readonly declaredVersion: string
  readonly family: SpecFamily
}

/** A document with what its text is made of, where that is known already and costs little to keep. */
export interface ReadDocument {
  readonly document: SpecDocument
  readonly events?: YamlEvents
}

/** Takes what there is to say of a text that could be read all the same. */
export type Tell = (found: Diagnostic) => void

/**
 * Reads JSON or YAML by content, whatever its name or media type says.
 * @throws Problem `spec-unreadable`, `spec-version` or `too-large`
 */
export function readSpec(text: string, tell: Tell = () => {}): ReadDocument {
  const { tree: root, events } = readText(text, tell)
  if (!isObject(root)) {
    throw unreadable(`The document is ${describe(root)}, not an object with \`openapi\` or \`swagger\` at its root.`)
  }
  // A byte order mark would move all places by one.
  const isKept = events !== undefined && text.length <= MOST_LENIENT_CHARS && !text.startsWith(BYTE_ORDER_MARK)
  return { document: { root, ...versionOf(root) }, ...(isKept ? { events } : {}) }
}

/**
 * JSON or YAML of any kind, within the limits of a document.
 * @throws Problem `spec-unreadable` or `too-large`
 */
export function readTree(text: string, tell: Tell = () => {}): unknown {
  return readText(text, tell).tree
}

function readText(text: string, tell: Tell): ReadYaml {
  const source = text.startsWith(BYTE_ORDER_MARK) ? text.slice(1) : text
  refuseObviousMistakes(source)
  const read = parse(source, tell)
  refuseBombs(read.tree)
  settleTwice(read.tree, read.overwritten, tell)
  return read
}

const BYTE_ORDER_MARK = '\uFEFF'

function refuseObviousMistakes(text: string): void {
  const bytes = Buffer.byteLength(text)
  if (bytes > LIMITS.specBytes) {
    const detail = `The document has ${megabytes(bytes)}; at most ${megabytes(LIMITS.specBytes)} are read.`
    throw new Problem('too-large', { detail })
  }
  if (text.trim() === '') throw unreadable('The document is empty.', 'Send the text of an OpenAPI or Swagger document.')
  if (/^\s*<(!doctype|html|\?xml|head|body)/i.test(text)) throw htmlPage(text)
}

function htmlPage(text: string): Problem {
  const found = /["']?\b(?:url|spec-url|data-url)["']?\s*[:=]\s*["']([^"']+\.(?:json|ya?ml)[^"']*)["']/i.exec(text)?.[1]
  const fix = found
    ? `The page loads its document from ${found}: send that instead.`
    : 'Look in the page for a link to its openapi.json or openapi.yaml, and send that instead.'
  return unreadable('This is an HTML page, not an OpenAPI document.', fix)
}

function parse(text: string, tell: Tell): ReadYaml {
  if (!/^\s*([{[]|\/[/*])/.test(text)) return parseYaml(text)
  try {
    return parseExactJson(text, tell)
  } catch (jsonError) {
    const bare = withoutComments(text)
    if (bare === text) return parseYaml(text, jsonError)
    tell({
      code: 'json-comments',
      severity: 'warning',
      pointer: '',
      message: 'The JSON has comments, which most readers refuse; it was read without them',
      fix: 'Take the comments out.',
    })
    return parseBare(bare, tell)
  }
}

function parseBare(text: string, tell: Tell): ReadYaml {
  try {
    return parseExactJson(text, tell)
  } catch (jsonError) {
    return parseYaml(text, jsonError)
  }
}

/** JavaScript keeps the last of two members that share a name and says nothing; then YAML's flow form is read, which tells. */
function parseExactJson(text: string, tell: Tell): ReadYaml {
  const tree = parseJson(text)
  if (countKeys(text) === keysIn(tree, 0)) return { tree, overwritten: [] }
  try {
    return readYaml(text)
  } catch {
    // It refuses less than JSON has, but not nothing.
    const message = 'A key stands twice in one object; the last counts'
    tell({ code: 'key-twice', severity: 'warning', pointer: '', message, fix: 'Give each key once.' })
    return { tree, overwritten: [] }
  }
}

function keysIn(value: unknown, depth: number): number {
  // What is nested deeper is refused later.
  if (typeof value !== 'object' || value === null || isExactNumber(value) || depth > LIMITS.specDepth) return 0
  let count = Array.isArray(value) ? 0 : Object.keys(value).length
  for (const item of Object.values(value)) count += keysIn(item, depth + 1)
  return count
}

// Trailing commas are common in JSON; YAML's flow form takes them.
function parseYaml(text: string, jsonError?: unknown): ReadYaml {
  try {
    return readYaml(text)
  } catch (error) {
    const lenient = text.length <= MOST_LENIENT_CHARS ? readLeniently(text) : undefined
    if (lenient !== undefined) return { tree: lenient, overwritten: [] }
    const cause = jsonError ?? error
    const message = cause instanceof Error ? firstLine(cause.message) : String(cause)
    const kind = jsonError ? 'JSON' : 'YAML'
    throw unreadable(`The document is not ${kind}: ${message}`, `Correct the ${kind} at the place named.`, cause)
  }
}

export const MOST_LENIENT_CHARS = 8 * 1024 * 1024

function firstLine(message: string): string {
  return message.split('\n', 1)[0]!.slice(0, 300)
}

/**
 * YAML aliases make a small text a huge tree (S23): what is shared counts at every place, and what holds itself is endlessly deep.
 */
function refuseBombs(tree: unknown): void {
  let values = 0
  const count = (value: unknown, depth: number): void => {
    if (depth > LIMITS.specDepth) throw unreadable(`The document is nested deeper than ${LIMITS.specDepth} levels.`)
    if (++values > LIMITS.specNodes)
      throw unreadable(`The document has more than ${LIMITS.specNodes} values once its aliases are expanded.`)
    if (typeof value !== 'object' || value === null) return
    for (const item of Object.values(value)) count(item, depth + 1)
  }
  count(tree, 0)
}

function versionOf(root: Record<string, unknown>): { declaredVersion: string; family: SpecFamily } {
  const declared = root.openapi ?? root.swagger
  if (declared === undefined) {
    const detail = 'The document has neither `openapi` nor `swagger` at its root, so it is not an OpenAPI document.'
    throw new Problem('spec-version', { detail, errors: [{ pointer: '', detail, fix: KNOWN_VERSIONS }] })
  }
  // An unquoted `openapi: 3.1` is a number in YAML.
  const text = typeof declared === 'number' && Number.isInteger(declared) ? `${declared}.0` : String(declared)
  const family = /^(2\.0|3\.[012])(\.|$|-)/.exec(text)?.[1] as SpecFamily | undefined
  if (!family) {
    const detail = `The document declares version ${JSON.stringify(text)}.`
    const pointer = root.openapi === undefined ? '/swagger' : '/openapi'
    throw new Problem('spec-version', {
      detail: `${detail} ${KNOWN_VERSIONS}`,
      errors: [{ pointer, detail, fix: KNOWN_VERSIONS }],
    })
  }
  return { declaredVersion: text, family }
}

const KNOWN_VERSIONS = 'Swagger 2.0 and OpenAPI 3.0, 3.1 and 3.2 are read.'

function unreadable(detail: string, fix?: string, cause?: unknown): Problem {
  return new Problem('spec-unreadable', { detail, errors: fix ? [{ pointer: '', detail, fix }] : [], cause })
}

function describe(value: unknown): string {
  if (value === null || value === undefined) return 'empty'
  return Array.isArray(value) ? 'a list' : `a ${typeof value}`
}

function megabytes(bytes: number): string {
  return `${Math.round(bytes / 1024 / 1024)} MB`
}
