import type { BodyKind, JsonSchema, PartEncoding } from '@sluice/contract'
import { isObject } from '@sluice/schema'
import { kindOf } from './body-kind.ts'
import { contentForm, isUnwritten, tellUnwritten, textSchema } from './content-form.ts'
import type { FileLook } from './file-use.ts'
import type { Findings } from './findings.ts'
import type { FormFields } from './form-fields.ts'
import { isToken } from './is-token.ts'
import type { DeclaredContent } from './list-bodies.ts'
import { hasStyle, isNested } from './part-encoding.ts'
import { fieldSource, itemSource } from './xml-shape.ts'

type Target = FileLook['target']

interface Fields {
  readonly fields: FormFields
  readonly root: Record<string, unknown>
  readonly target: Target
  readonly findings: Findings
}

/** Completes how the fields of a form are encoded: what there is to know of the media types that the document gives them. */
export function withContentForms(
  content: DeclaredContent,
  encoding: Record<string, PartEncoding>,
  { fields, root, target, findings }: Fields,
): void {
  const isParts = kindOf(content.contentType) === 'multipart'
  for (const [name, field] of Object.entries(fields.named)) {
    const schema = fieldValue(field, target)
    const own = isParts ? withTransfer(target(schema), encoding[name]) : (encoding[name] ?? {})
    if (own.file || hasStyle(own) || Object.keys(own).length === 0 || (isParts && isNested(own))) continue
    encoding[name] = own
    const { contentType } = own
    if (contentType === undefined) continue
    if (isUnwritten(contentType, schema, target)) tellUnwritten(findings, name, contentType, content.schemaPointer)
    const source = itemSource(fieldSource(content.schema, name, root), root)
    // Parts without names go by their place, and no element is called by a number.
    const element = /^\d/.test(name) ? 'root' : name
    encoding[name] = { ...own, ...contentForm({ contentType, schema, source, name: element, root, target }) }
  }
}

/** OpenAPI 3.1.1 4.8.15.4: what a schema says to be encoded is said of the part too, and is by default bytes. */
function withTransfer({ contentEncoding }: JsonSchema, own: PartEncoding = {}): PartEncoding {
  if (typeof contentEncoding !== 'string' || !isToken(contentEncoding) || own.file || hasStyle(own)) return own
  const isSaid = Object.keys(own.headers ?? {}).some((name) => name.toLowerCase() === TRANSFER.toLowerCase())
  const headers = isSaid ? own.headers! : { ...own.headers, [TRANSFER]: contentEncoding }
  return { contentType: 'application/octet-stream', ...own, headers }
}

const TRANSFER = 'Content-Transfer-Encoding'

/** What a model gives for a field that is written as the very text; nothing for any other. */
export function fieldTextSchema(
  field: JsonSchema,
  { kind, ...encoding }: PartEncoding & { readonly kind: BodyKind },
  target: Target,
): JsonSchema | undefined {
  const { contentType } = encoding
  const isForm = kind === 'form' || kind === 'multipart'
  if (!isForm || contentType === undefined || encoding.file || hasStyle(encoding)) return undefined
  if (kind === 'multipart' && isNested(encoding)) return undefined
  const value = fieldValue(field, target)
  if (!isUnwritten(contentType, value, target)) return undefined
  const text = textSchema(contentType, value)
  return value === field
    ? text
    : { ...(field.description ? { description: field.description } : {}), type: 'array', items: text }
}

/** What one value of a field is: of a list each item is one (OpenAPI 3.2 4.14.3). */
function fieldValue(field: JsonSchema, target: Target): JsonSchema {
  const own = target(field)
  if (![own.type].flat().includes('array')) return field
  return isObject(own.items) ? own.items : {}
}
