import type { SecurityRequirement } from '@sluice/contract'
import { isObject } from '@sluice/schema'
import { baseUrlOf } from './base-url.ts'
import { requestBodyOf } from './body-parameters.ts'
import { isDots } from './build-path.ts'
import type { Findings } from './findings.ts'
import { isToken } from './is-token.ts'
import { pointerTo } from './json-pointer.ts'
import { bodyOf, type DeclaredBody, type DeclaredResponse, responsesOf } from './list-bodies.ts'
import { listMethods, type MethodEntry } from './list-methods.ts'
import { type DeclaredParameter, listParameters } from './list-parameters.ts'
import { type McpExtension, mcpExtension, refusedIcons } from './mcp-extension.ts'
import type { Origins } from './origins.ts'
import { withBraces } from './path-template.ts'
import type { SpecDocument } from './read-spec.ts'
import { type Located, levelsOf, resolveObject } from './resolve-object.ts'
import { securityOf } from './security.ts'
import { tellOtherPaths } from './tell-other-paths.ts'
import { tellServers } from './tell-servers.ts'

/** An operation as declared: the neutral form that tools are derived from. */
export interface DeclaredOperation {
  readonly method: string
  readonly path: string
  readonly pointer: string
  readonly operationId?: string
  readonly summary: string
  readonly description: string
  readonly tags: readonly string[]
  readonly deprecated: boolean
  readonly parameters: readonly DeclaredParameter[]
  readonly body?: DeclaredBody
  readonly responses: readonly DeclaredResponse[]
  readonly security: readonly SecurityRequirement[]
  readonly baseUrl?: string
  readonly mcp: McpExtension
}

/** An operation, or the reason why there is none. */
export type ListedOperation =
  | { readonly kind: 'operation'; readonly operation: DeclaredOperation; readonly flagged: boolean }
  | {
      readonly kind: 'skipped'
      readonly method: string
      readonly path: string
      readonly pointer: string
      readonly reason: string
    }

/** Lists every operation below `paths`, in document order. A bad one is skipped with its reason; the others stand. */
export function listOperations(
  document: SpecDocument,
  sourceUrl: string | undefined,
  findings: Findings,
  origins: Origins,
): ListedOperation[] {
  const { root } = document
  tellOtherPaths(root, findings)
  if (!isObject(root.paths)) return []
  const security = securityOf(root.security, '', findings, [])
  const around = { document, sourceUrl, findings, origins, security }
  // Extensions (`x-…`) stand beside the paths.
  const items = Object.entries(root.paths).filter(([key, item]) => !key.startsWith('x-') && item !== null)
  const listed = withoutTwins(items.flatMap(([key, item]) => listItem(around, key, item)))
  tellSameIds(listed, findings)
  return listed
}

/** OpenAPI 3.1.1 4.8.10: an operationId is unique. Names are given by method and path where it is not (B17). */
function tellSameIds(listed: readonly ListedOperation[], findings: Findings): void {
  const known = new Map<string, DeclaredOperation>()
  for (const entry of listed) {
    if (entry.kind === 'skipped' || entry.operation.operationId === undefined) continue
    const { operationId, pointer } = entry.operation
    const first = known.get(operationId)
    if (!first) known.set(operationId, entry.operation)
    else
      findings.add({
        code: 'operation-id-twice',
        severity: 'warning',
        pointer: pointerTo(pointer, 'operationId'),
        message: `operationId "${operationId}" is that of ${first.method} ${first.path} too; their tools have names of their own`,
        fix: 'Give each operation an operationId of its own.',
      })
  }
}

/** What cannot be found counts as one operation: nobody knows how many it holds. */
function listItem(
  around: Omit<Place, 'path' | 'value' | 'pointer' | 'levels'>,
  key: string,
  given: unknown,
): ListedOperation[] {
  const { document, findings } = around
  const pointer = pointerTo('', 'paths', key)
  const path = pathOf(key, findings)
  const located = resolveObject(document.root, given, pointer, findings)
  if (!located) {
    const reason = isObject(given) ? `${String(given.$ref)} could not be read` : 'what stands there is not an object'
    return [{ kind: 'skipped', method: 'ANY', path: path ?? key, pointer, reason }]
  }
  const levels = levelsOf(document.root, given, pointer)
  const methods = levels.flatMap(({ value, pointer: at }) => listMethods(value, at, findings))
  if (path !== undefined) return methods.map((entry) => listOne({ ...around, path, ...located, levels }, entry))
  return methods.map(({ method, pointer: own }) => {
    return { kind: 'skipped', method, path: key, pointer: own, reason: `${JSON.stringify(key)} is no path` }
  })
}

/** Two spellings of one operation (`y` beside `/y`, `additionalOperations.POST` beside `post`) would be one tool. */
function withoutTwins(listed: readonly ListedOperation[]): ListedOperation[] {
  const taken = new Set<string>()
  return listed.map((entry) => {
    if (entry.kind === 'skipped') return entry
    const { method, path, pointer } = entry.operation
    const name = `${method.toUpperCase()} ${path}`
    if (taken.has(name)) {
      return { kind: 'skipped', method, path, pointer, reason: `the document has ${name} twice; the first counts` }
    }
    taken.add(name)
    return entry
  })
}

/** OpenAPI 3.1.1 4.8.8.1: a path begins with a slash; one that was forgotten is put there. */
function pathOf(key: string, findings: Findings): string | undefined {
  if (key.startsWith('/')) return key
  const isUrl = key === '' || /^[a-z][a-z0-9+.-]*:/i.test(key)
  const message = isUrl ? `${JSON.stringify(key)} is no path; it was left out` : `"${key}" was read as "/${key}"`
  const fix = 'Begin the path with a slash.'
  findings.add({ code: 'path-invalid', severity: 'warning', pointer: pointerTo('', 'paths', key), message, fix })
  return isUrl ? undefined : `/${key}`
}

interface Place {
  readonly document: SpecDocument
  readonly path: string
  /** The path item, what it refers to included. */
  readonly value: Record<string, unknown>
  readonly pointer: string
  readonly levels: readonly Located[]
  readonly sourceUrl: string | undefined
  readonly findings: Findings
  readonly origins: Origins
  /** What the document wants of operations that do not say. */
  readonly security: readonly SecurityRequirement[]
}

/** What an index of the database holds, and more than any real path has. */
const MOST_PATH_CHARS = 2_000

function listOne(place: Place, { method, value, pointer }: MethodEntry): ListedOperation {
  const skipped = (reason: string): ListedOperation => ({ kind: 'skipped', method, path: place.path, pointer, reason })
  if (!isObject(value)) return skipped('the operation is not an object')
  if (place.path.length > MOST_PATH_CHARS) return skipped(`its path is longer than ${MOST_PATH_CHARS} characters`)
  if (/[\u0000-\u001F\u007F]/.test(place.path)) return skipped('its path holds control characters')
  if (place.path.split(/[?#]/, 1)[0]!.split('/').some(isDots))
    return skipped('a segment of its path is `.` or `..`, which URLs take out')
  // RFC 9110 9.1
  if (!isToken(method)) return skipped(`"${method}" is not an HTTP method`)
  if (method.toUpperCase() === 'TRACE')
    return skipped('TRACE echoes the request with its credentials, so it is never called')
  if (method.toUpperCase() === 'CONNECT') return skipped('CONNECT opens a tunnel, so it is never called')
  const before = place.findings.count
  try {
    const operation = declaredOperation(place, method, value, pointer)
    return { kind: 'operation', operation, flagged: place.findings.count > before }
  } catch (error) {
    return skipped(error instanceof Error ? error.message : String(error))
  }
}

function declaredOperation(
  place: Place,
  method: string,
  value: Record<string, unknown>,
  pointer: string,
): DeclaredOperation {
  const { document, value: item, findings } = place
  const baseUrl = ownBaseUrl(place, value, pointer)
  const within = { ...place, root: document.root }
  const parameters = listParameters(within, value, pointer)
  const levels = [
    { level: document.root, pointer: '' },
    { level: item, pointer: place.pointer },
    { level: value, pointer },
  ]
  for (const one of levels) tellIcons(one.level, one.pointer, findings)
  return {
    method,
    path: bracedPath(place, parameters),
    pointer,
    ...(text(value.operationId) === '' ? {} : { operationId: text(value.operationId) }),
    summary: text(value.summary) || text(item.summary),
    description: text(value.description) || text(item.description),
    tags: Array.isArray(value.tags) ? value.tags.map(String) : [],
    deprecated: value.deprecated === true,
    parameters,
    ...bodyOf(within, method, requestBodyOf(within, value, pointer), pointerTo(pointer, 'requestBody')),
    responses: responsesOf(within, value.responses, pointerTo(pointer, 'responses')),
    security: securityOf(value.security, pointer, findings, place.security),
    ...(baseUrl ? { baseUrl } : {}),
    mcp: mcpExtension([document.root, item, value]),
  }
}

function bracedPath(
  { path, pointer, findings, document: { root } }: Place,
  parameters: readonly DeclaredParameter[],
): string {
  const declared = parameters.flatMap(({ in: place, name }) => (place === 'path' ? [name] : []))
  const braced = withBraces(path, declared)
  // The document may have both.
  if (Object.hasOwn(root.paths as object, braced)) return path
  const message = `${path} was read as ${braced}: its parameters are declared`
  const fix = `Write ${braced}.`
  if (braced !== path) findings.add({ code: 'path-template', severity: 'warning', pointer, message, fix })
  return braced
}

function tellIcons(level: unknown, pointer: string, findings: Findings): void {
  for (const { key, url, fault } of refusedIcons(level)) {
    const shown = url.length > 60 ? `${url.slice(0, 60)}…` : url
    const message = `${JSON.stringify(shown)} ${fault}, so it is the icon of no tool`
    findings.add({ code: 'icon-unsafe', severity: 'info', pointer: pointerTo(pointer, ...key), message })
  }
}

/** Servers of its own are used by calls, so another host than the document's is said (B10, S26). */
function ownBaseUrl(place: Place, value: Record<string, unknown>, pointer: string): string | undefined {
  const servers = value.servers ?? place.value.servers
  if (!Array.isArray(servers) || servers.length === 0) return undefined
  const at = place.origins.get(servers) ?? pointerTo(value.servers ? pointer : place.pointer, 'servers')
  const url = baseUrlOf(servers, place.sourceUrl)
  if (url === undefined) {
    const message = 'Its own `servers` name no http or https URL; calls go where those of all operations go'
    place.findings.add({ code: 'base-url-unread', severity: 'warning', pointer: at, message })
    return undefined
  }
  if (!place.origins.has(servers)) tellServers(servers, at, place.sourceUrl, place.findings)
  const { origin } = new URL(url)
  const shared = baseUrlOf(place.document.root.servers, place.sourceUrl)
  if (shared === undefined || new URL(shared).origin !== origin) {
    const message = `Calls go to ${origin}, which is not where those of most operations go`
    place.findings.add({ code: 'base-url-own', severity: 'info', pointer: at, message })
  }
  return url
}

/** YAML makes numbers of texts like 404. */
function text(value: unknown): string {
  if (typeof value === 'number') return String(value)
  return typeof value === 'string' ? value : ''
}
