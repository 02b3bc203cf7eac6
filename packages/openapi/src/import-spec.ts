import type { DerivedOperation, ReadSpec } from '@sluice/contract'
import { isObject } from '@sluice/schema'
import { baseUrlOf } from './base-url.ts'
import { deriveTool } from './derive-tool.ts'
import { cleanText } from './describe-tool.ts'
import { createFindings, type Findings } from './findings.ts'
import { type DeclaredOperation, listOperations } from './list-operations.ts'
import { locate } from './locate.ts'
import { createSchemaReader } from './read-schema.ts'
import { readSpec, type SpecDocument } from './read-spec.ts'
import { securitySchemesOf } from './security.ts'
import { type Origins, upgradeSwagger } from './upgrade-swagger.ts'

export interface ImportSource {
  readonly text: string
  /** Where the text came from: relative base URLs are resolved against it. */
  readonly url?: string
}

/**
 * A document in, its operations as tools out. Only this file knows the order. One bad operation is reported and left out;
 * the others stand.
 * @throws Problem `spec-unreadable`, `spec-version` or `too-large` when nothing can be read at all
 */
export function importSpec(source: ImportSource, deps: { countTokens: (text: string) => number }): ReadSpec {
  const received = readSpec(source.text)
  const findings = createFindings()
  const origins: Origins = new WeakMap()
  const document = upgradeSwagger(received, findings, origins)
  const schemes = securitySchemesOf(document.root, findings)
  const reader = createSchemaReader(document.root, document.family, findings)
  const derive = { declaredVersion: document.declaredVersion, schemes, reader, countTokens: deps.countTokens }

  const listed = listOperations(document, source.url, findings, origins)
  const operations = listed.flatMap((entry): DerivedOperation[] => {
    if (entry.kind === 'skipped') {
      skip(findings, entry.pointer, `${entry.method} ${entry.path}`, entry.reason)
      return []
    }
    return deriveOne(entry.operation, derive, findings)
  })
  if (listed.length === 0) nothingToCall(document, findings)
  return {
    title: titleOf(document.root),
    declaredVersion: document.declaredVersion,
    baseUrl: baseUrlOf(document.root.servers, source.url) ?? null,
    securitySchemes: schemes,
    operations,
    diagnostics: locate(source.text, findings.list),
    coverage: {
      operations: listed.length,
      imported: operations.length,
      withDiagnostics: operations.filter(({ flagged }) => flagged).length,
      skipped: listed.length - operations.length,
    },
  }
}

function deriveOne(
  declared: DeclaredOperation,
  deps: Omit<Parameters<typeof deriveTool>[1], 'findings'>,
  findings: Findings,
): DerivedOperation[] {
  const before = findings.list.length
  try {
    const { definition, contentHash } = deriveTool(declared, { ...deps, findings })
    return [
      {
        method: declared.method,
        path: declared.path,
        ...(declared.operationId ? { operationId: declared.operationId } : {}),
        name: definition.name,
        tags: declared.tags,
        tokens: definition.tokens,
        deprecated: declared.deprecated,
        contentHash,
        definition: JSON.stringify(definition),
        flagged: findings.list.length > before,
      },
    ]
  } catch (error) {
    skip(
      findings,
      declared.pointer,
      `${declared.method} ${declared.path}`,
      error instanceof Error ? error.message : String(error),
    )
    return []
  }
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
