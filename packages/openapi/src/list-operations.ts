import type { SecurityRequirement } from '@sluice/contract'
import { isObject } from '@sluice/schema'
import { baseUrlOf } from './base-url.ts'
import { kindOf } from './body-kind.ts'
import type { Findings } from './findings.ts'
import { pointerTo } from './json-pointer.ts'
import { type DeclaredParameter, listParameters } from './list-parameters.ts'
import { type McpExtension, mcpExtension } from './mcp-extension.ts'
import type { SpecDocument } from './read-spec.ts'
import { resolveObject } from './resolve-object.ts'
import { securityOf } from './security.ts'
import type { Origins } from './upgrade-swagger.ts'

export interface DeclaredContent {
  readonly contentType: string
  readonly schema: unknown
  readonly encoding: Readonly<Record<string, unknown>>
  readonly schemaPointer: string
}

/** A response as declared; `schema` is that of its JSON content. */
export interface DeclaredResponse {
  readonly status: string
  readonly contentTypes: readonly string[]
  readonly schema?: unknown
  readonly schemaPointer: string
}

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
  readonly body?: {
    readonly required: boolean
    readonly description: string
    readonly contents: readonly DeclaredContent[]
  }
  readonly responses: readonly DeclaredResponse[]
  readonly security: readonly SecurityRequirement[]
  readonly baseUrl?: string
  readonly mcp: McpExtension
}

/** An operation, or the reason why there is none. */
export type ListedOperation =
  | { readonly kind: 'operation'; readonly operation: DeclaredOperation }
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
  if (!isObject(root.paths)) return []
  return Object.entries(root.paths).flatMap(([key, item]) => {
    // Extensions (`x-…`) stand beside the paths.
    if (key.startsWith('x-')) return []
    const path = pathOf(key, findings)
    if (path === undefined) return []
    const located = resolveObject(root, item, pointerTo('', 'paths', key), findings)
    if (!located) return []
    const place = { document, path, item: located.value, pointer: located.pointer, sourceUrl, findings, origins }
    return methodsOf(located.value, located.pointer).map((entry) => listOne(place, entry))
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
  readonly item: Record<string, unknown>
  readonly pointer: string
  readonly sourceUrl: string | undefined
  readonly findings: Findings
  readonly origins: Origins
}

interface MethodEntry {
  readonly method: string
  readonly value: unknown
  readonly pointer: string
}

// `query` and `additionalOperations` came with OpenAPI 3.2.
const METHODS = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace', 'query']

function methodsOf(item: Record<string, unknown>, pointer: string): MethodEntry[] {
  const named = METHODS.filter((method) => item[method] !== undefined && item[method] !== null)
  const additional = isObject(item.additionalOperations) ? item.additionalOperations : {}
  return [
    ...named.map((method) => ({
      method: method.toUpperCase(),
      value: item[method],
      pointer: pointerTo(pointer, method),
    })),
    ...Object.entries(additional).map(([method, value]) => ({
      method,
      value,
      pointer: pointerTo(pointer, 'additionalOperations', method),
    })),
  ]
}

/** What an index of the database holds, and more than any real path has. */
const MOST_PATH_CHARS = 2_000

function listOne(place: Place, { method, value, pointer }: MethodEntry): ListedOperation {
  const skipped = (reason: string): ListedOperation => ({ kind: 'skipped', method, path: place.path, pointer, reason })
  if (!isObject(value)) return skipped('the operation is not an object')
  if (place.path.length > MOST_PATH_CHARS) return skipped(`its path is longer than ${MOST_PATH_CHARS} characters`)
  if (/[\u0000-\u001F\u007F]/.test(place.path)) return skipped('its path holds control characters')
  if (!/^[A-Za-z][A-Za-z-]*$/.test(method)) return skipped(`"${method}" is not an HTTP method`)
  if (method === 'TRACE') return skipped('TRACE echoes the request with its credentials, so it is never called')
  if (method === 'CONNECT') return skipped('CONNECT opens a tunnel, so it is never called')
  try {
    return { kind: 'operation', operation: declaredOperation(place, method, value, pointer) }
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
  const { document, item, findings } = place
  const servers = value.servers ?? item.servers
  const baseUrl = Array.isArray(servers) && servers.length > 0 ? baseUrlOf(servers, place.sourceUrl) : undefined
  return {
    method,
    path: place.path,
    pointer,
    ...(typeof value.operationId === 'string' ? { operationId: value.operationId } : {}),
    summary: text(value.summary) || text(item.summary),
    description: text(value.description) || text(item.description),
    tags: Array.isArray(value.tags) ? value.tags.map(String) : [],
    deprecated: value.deprecated === true,
    parameters: listParameters({ ...place, root: document.root }, place.item, value, pointer),
    ...bodyOf(place, method, value.requestBody, pointerTo(pointer, 'requestBody')),
    responses: responsesOf(place, value.responses, pointerTo(pointer, 'responses')),
    security: securityOf(value.security ?? document.root.security, findings, pointer),
    ...(baseUrl ? { baseUrl } : {}),
    mcp: mcpExtension([document.root, item, value]),
  }
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

function bodyOf(place: Place, method: string, given: unknown, pointer: string): Pick<DeclaredOperation, 'body'> {
  if (given === undefined || given === null) return {}
  const located = resolveObject(place.document.root, given, pointer, place.findings)
  if (!located || !isObject(located.value.content)) return {}
  const origin = place.origins.get(located.value)
  const contents = Object.entries(located.value.content).map(([key, media]) => ({
    contentType: mediaTypeOf(key, pointerTo(located.pointer, 'content', key), place.findings),
    schema: isObject(media) ? (media.schema ?? media.itemSchema) : undefined,
    encoding: isObject(media) && isObject(media.encoding) ? media.encoding : {},
    schemaPointer: origin ? pointerTo(origin, 'schema') : pointerTo(located.pointer, 'content', key, 'schema'),
  }))
  if (contents.length === 0) return {}
  if (method === 'GET' || method === 'HEAD') {
    const message = `${method} with a body: it is sent, but servers and what lies between may drop it (RFC 9110 9.3.1)`
    place.findings.add({ code: 'body-unusual', severity: 'info', pointer: origin ?? located.pointer, message })
  }
  return { body: { required: located.value.required === true, description: text(located.value.description), contents } }
}

/** RFC 9110 8.3.1; what is none cannot be sent, and JSON is what is meant. */
function mediaTypeOf(key: string, pointer: string, findings: Findings): string {
  if (/^[\w!#$&^.+*-]+\/[\w!#$&^.+*-]+\s*(;.*)?$/.test(key) && !/[^\x20-\x7E]/.test(key)) return key
  const message = `${JSON.stringify(key)} is no media type; the body is sent as application/json`
  findings.add({ code: 'media-type-invalid', severity: 'warning', pointer, message })
  return 'application/json'
}

function responsesOf(place: Place, given: unknown, pointer: string): DeclaredResponse[] {
  if (!isObject(given)) return []
  return Object.entries(given).flatMap(([status, response]): DeclaredResponse[] => {
    if (!isObject(response)) return []
    const located = resolveObject(place.document.root, response, pointerTo(pointer, status), place.findings)
    const content = located && isObject(located.value.content) ? located.value.content : {}
    const json = Object.keys(content).find((type) => kindOf(type) === 'json')
    const media = json === undefined ? undefined : content[json]
    return [
      {
        status,
        contentTypes: Object.keys(content),
        ...(isObject(media) && media.schema !== undefined ? { schema: media.schema } : {}),
        schemaPointer: pointerTo(located?.pointer ?? pointer, 'content', json ?? '', 'schema'),
      },
    ]
  })
}
