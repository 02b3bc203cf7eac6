import { isObject } from '@sluice/schema'
import type { MessageId } from './frames.ts'
import { FIRST_MODERN, META, type ReadHeader, type SettledRequest } from './settle-request.ts'

/** A message that is in every way as its revision wants it, and asks for nothing unusual. */
export interface PlainRequest {
  /** Absent for a notification. */
  readonly id?: MessageId
}

/** Revisions of the handshake era. */
const LEGACY_REVISIONS: readonly string[] = ['2025-11-25', '2025-06-18', '2025-03-26', '2024-11-05', '2024-10-07']

/** The revision that both speak: the client's, where it is one of these, else the newest (MCP 2025-11-25, Version Negotiation). */
export function negotiated(asked: string): string {
  return LEGACY_REVISIONS.includes(asked) ? asked : LEGACY_REVISIONS[0]!
}

/** What is answered without the SDK: nothing for any message that is not entirely plain, which is then the SDK's to answer or refuse. */
export function plainRequest(
  { era, message, method, params }: SettledRequest,
  header: ReadHeader,
): PlainRequest | undefined {
  if (!isObject(message) || message.jsonrpc !== '2.0' || method === undefined) return undefined
  if (!hasOnly(message, MEMBERS) || ('params' in message && !isObject(message.params))) return undefined
  if ('id' in message && !isId(message.id)) return undefined
  if (!/^application\/json\b/i.test(header('content-type') ?? '')) return undefined
  if (!(era === 'modern' ? isPlainModern(method, params, header) : isPlainLegacy(params, header))) return undefined
  return 'id' in message ? { id: message.id as MessageId } : {}
}

const MEMBERS = new Set(['jsonrpc', 'id', 'method', 'params'])

function isPlainModern(method: string, params: Readonly<Record<string, unknown>>, header: ReadHeader): boolean {
  const meta = params._meta
  if (!isObject(meta) || meta[`${META}protocolVersion`] !== FIRST_MODERN) return false
  if (!isObject(meta[`${META}clientCapabilities`]) || 'progressToken' in meta) return false
  const own = Object.keys(meta).filter((key) => key.startsWith(META))
  if (!own.every((key) => KNOWN_META.has(key)) || !isClient(meta[`${META}clientInfo`])) return false
  if (header('mcp-protocol-version') !== FIRST_MODERN || header('mcp-method') !== method) return false
  return method !== 'tools/call' || header('mcp-name') === params.name
}

const KNOWN_META = new Set(['protocolVersion', 'clientCapabilities', 'clientInfo'].map((key) => META + key))

function isClient(info: unknown): boolean {
  return info === undefined || (isObject(info) && typeof info.name === 'string' && typeof info.version === 'string')
}

function isPlainLegacy(params: Readonly<Record<string, unknown>>, header: ReadHeader): boolean {
  const accept = header('accept') ?? ''
  if (!accept.includes('application/json') || !accept.includes('text/event-stream')) return false
  const revision = header('mcp-protocol-version')
  if (revision !== undefined && !LEGACY_REVISIONS.includes(revision)) return false
  return params._meta === undefined || (isObject(params._meta) && !('progressToken' in params._meta))
}

export function hasOnly(value: object, names: ReadonlySet<string>): boolean {
  for (const name in value) if (!names.has(name)) return false
  return true
}

function isId(id: unknown): boolean {
  return typeof id === 'string' || (typeof id === 'number' && Number.isSafeInteger(id))
}
