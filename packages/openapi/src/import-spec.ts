import type { DerivedOperation, Diagnostic, OperationDefinition, ReadSpec } from '@sluice/contract'
import { isObject, packText } from '@sluice/schema'
import { beforeOverlay, OVERLAY } from './apply-overlay.ts'
import { baseUrlOf, listBaseUrls } from './base-url.ts'
import { cleanText } from './clean-text.ts'
import { deriveTool } from './derive-tool.ts'
import { createFindings, type Findings } from './findings.ts'
import { type ListedOperation, listOperations } from './list-operations.ts'
import { locate } from './locate.ts'
import { fileOf } from './mount-files.ts'
import { type ImportSource, type OpenedSource, openSource, type ReadSource, readSource } from './open-source.ts'
import type { Origins } from './origins.ts'
import { createOutputSchemas } from './output-schema.ts'
import { createSchemaReader } from './read-schema.ts'
import type { SpecDocument } from './read-spec.ts'
import { securitySchemesOf, tellSchemes } from './security.ts'
import { createSourceHashes } from './source-hashes.ts'
import { createSuspicions, reportSuspicious, type Suspicions, suspicionOf } from './suspicious-text.ts'
import { tellServers } from './tell-servers.ts'
import { upgradeSwagger } from './upgrade-swagger.ts'

/** An operation as text: packing it and counting its tokens is a quarter of all work, and can be done beside the reading. */
export interface OperationText extends Omit<DerivedOperation, 'tokens' | 'definition'> {
  /** JSON of its `OperationDefinition`. */
  readonly definition: string
  /** JSON of its entry in the tool list, whose tokens count. */
  readonly entry: string
}

/** Takes operations while the rest is being read. */
export type OnOperation = (operation: OperationText) => void

/**
 * A document in, its operations as tools out.
 * @throws Problem as `openSource` and `readOperations` do
 */
export function importSpec(source: ImportSource, deps: { readonly countTokens: (text: string) => number }): ReadSpec {
  const operations: DerivedOperation[] = []
  const spec = readOperations(openSource(source), ({ entry, definition, ...operation }) => {
    operations.push({ ...operation, definition: packText(definition), tokens: deps.countTokens(entry) })
  })
  return { ...spec, operations }
}

/**
 * The same, each operation as soon as it is made. Only this file knows the order. One bad operation is reported and left out; the
 * others stand.
 * @throws Problem `spec-unreadable`, `spec-version`, `overlay-invalid` or `too-large` when nothing can be read at all
 */
export function readOperations(opened: OpenedSource, onOperation: OnOperation): Omit<ReadSpec, 'operations'> {
  const { url } = opened
  const findings = createFindings(opened.unfetched)
  const read = readSource(opened, findings)
  const received = read.document
  const suspicions = createSuspicions()
  reportSuspicious(received.root, suspicions, findings)
  const origins: Origins = new WeakMap()
  const document = upgradeSwagger(received, url, findings, origins)
  const schemes = securitySchemesOf(document.root, findings)
  if (document.family !== '2.0') tellServers(document.root.servers, '/servers', url, findings)
  const listed = listOperations(document, url, findings, origins)
  const declared = listed.flatMap((entry) => (entry.kind === 'operation' ? [entry.operation] : []))
  const place = document.family === '2.0' ? '/securityDefinitions' : '/components/securitySchemes'
  const neededSchemes = tellSchemes(declared, schemes, { place, findings })
  const { imported, flagged } = deriveAll(listed, { document, schemes, suspicions }, findings, onOperation)
  if (listed.length === 0) nothingToCall(document, findings)
  return {
    title: titleOf(document.root),
    declaredVersion: document.declaredVersion,
    baseUrl: baseUrlOf(document.root.servers, url) ?? null,
    baseUrls: listBaseUrls(document.root.servers, url),
    securitySchemes: schemes,
    neededSchemes,
    diagnostics: locateIn(opened, read, [...findings.list, ...findings.rest()]),
    coverage: { operations: listed.length, imported, withDiagnostics: flagged, skipped: listed.length - imported },
  }
}

interface Read {
  readonly document: SpecDocument
  readonly schemes: ReadSpec['securitySchemes']
  readonly suspicions: Suspicions
}

function deriveAll(
  listed: readonly ListedOperation[],
  { document, schemes, suspicions }: Read,
  findings: Findings,
  onOperation: OnOperation,
) {
  const { root, family, declaredVersion } = document
  const reader = createSchemaReader(root, family, findings)
  // What answers look like is told where it is known; a fault there costs nobody a call.
  const answers = createSchemaReader(root, family, createFindings(findings.unfetched, 0), 'response')
  const sources = createSourceHashes(root, family)
  const derive = { declaredVersion, schemes, reader, outputs: createOutputSchemas(answers), sources, root }
  let [imported, flagged] = [0, 0]
  for (const entry of listed) {
    if (entry.kind === 'skipped') skip(findings, entry.pointer, `${entry.method} ${entry.path}`, entry.reason)
    const derived = entry.kind === 'skipped' ? undefined : deriveOne(entry, derive, suspicions, findings)
    if (!derived) continue
    imported++
    if (derived.flagged) flagged++
    onOperation(derived)
  }
  return { imported, flagged }
}

/** Each diagnostic by its place in the document that it is about. */
function locateIn(
  { text, texts, overlay = '' }: OpenedSource,
  { removed, events }: ReadSource,
  found: readonly Diagnostic[],
): Diagnostic[] {
  const ofOverlay = found.filter(({ file }) => file === OVERLAY)
  const placed = found
    .filter(({ file }) => file !== OVERLAY)
    .map((diagnostic) => ({ ...diagnostic, ...fileOf(beforeOverlay(diagnostic.pointer, removed)) }))
  const byFile = [...Map.groupBy(placed, ({ file }) => file)]
  const located = byFile.flatMap(([file, own]) =>
    file === undefined ? locate(text, own, events) : locate(texts.get(file) ?? '', own),
  )
  return [...locate(overlay, ofOverlay), ...located]
}

function deriveOne(
  { operation: declared, flagged }: Extract<ListedOperation, { kind: 'operation' }>,
  deps: Omit<Parameters<typeof deriveTool>[1], 'findings'>,
  suspicions: Suspicions,
  findings: Findings,
): OperationText | undefined {
  const before = findings.count
  try {
    const { definition, text, entry, contentHash } = deriveTool(declared, { ...deps, findings })
    const { name, title } = definition
    return {
      method: declared.method,
      path: declared.path,
      ...(declared.operationId ? { operationId: declared.operationId } : {}),
      name,
      title,
      tags: declared.tags,
      entry,
      deprecated: declared.deprecated,
      contentHash,
      definition: text,
      flagged: flagged || findings.count > before || findings.isAbout(declared.pointer),
      suspicious: isSuspicious(entry, definition, suspicions),
      ...(declared.mcp.include === undefined ? {} : { meant: declared.mcp.include }),
    }
  } catch (error) {
    skip(findings, declared.pointer, `${declared.method} ${declared.path}`, reasonOf(error))
    return undefined
  }
}

/** Also by what other clients are shown: deeper levels, examples and defaults, and what an answer looks like. */
function isSuspicious(
  entry: string,
  { outputSchema, operation }: OperationDefinition,
  suspicions: Suspicions,
): boolean {
  const shown = readable(entry + JSON.stringify(operation.tags))
  return suspicionOf(shown) !== undefined || suspicions.within(operation.inputSchema) || suspicions.within(outputSchema)
}

/** What ends the stack are schemas that apply to one value and refer to each other in a very long chain (B13). */
function reasonOf(error: unknown): string {
  if (error instanceof RangeError) return 'its schemas build on one another in a chain that is too long to follow'
  return error instanceof Error ? error.message : String(error)
}

/** JSON without what stands between words: escapes, and the underscores of names. */
function readable(json: string): string {
  return json.replaceAll(/\\[nrt]|\\u202[89]/g, '\n').replaceAll(/_|\\"/g, ' ')
}

function skip(findings: Findings, pointer: string, operation: string, reason: string): void {
  const message = `${operation} was left out: ${reason}`
  findings.add({ code: 'operation-skipped', severity: 'error', pointer, message })
}

/** Webhooks or components alone are a valid document without anything to call (B4). */
function nothingToCall(document: SpecDocument, findings: Findings): void {
  const has = isObject(document.root.webhooks)
    ? 'only webhooks, which an API calls itself'
    : 'no operations below `paths`'
  findings.add({
    code: 'no-operations',
    severity: 'warning',
    pointer: '',
    message: `The document has ${has}: there is nothing to make tools of`,
  })
}

function titleOf(root: Record<string, unknown>): string {
  const title = isObject(root.info) && typeof root.info.title === 'string' ? cleanText(root.info.title) : ''
  return title.slice(0, 200) || 'Untitled API'
}
