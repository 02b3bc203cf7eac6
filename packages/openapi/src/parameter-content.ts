import type { JsonSchema, ParameterBinding } from '@sluice/contract'
import { kindOf } from './body-kind.ts'
import { contentForm, isUnwritten, tellUnwritten, textSchema } from './content-form.ts'
import type { Findings } from './findings.ts'
import type { DeclaredParameter } from './list-parameters.ts'
import { fieldEncoding } from './part-encoding.ts'
import type { SchemaReader } from './read-schema.ts'

interface ContentDeps {
  readonly reader: SchemaReader
  readonly root: Record<string, unknown>
  readonly findings: Findings
}

/** What a model gives for a parameter, and how it is written where the parameter has `content` (B66, B94). */
export function parameterContent(
  { name, contentType, encoding = {}, schema: source, schemaPointer }: DeclaredParameter,
  { reader, root, findings }: ContentDeps,
): { schema: JsonSchema; content: Pick<ParameterBinding, 'contentType' | 'encoding' | 'xml' | 'isWritten'> } {
  const schema = reader.read(source, schemaPointer)
  if (contentType === undefined) return { schema, content: {} }
  const { target } = reader
  const isText = isUnwritten(contentType, schema, target)
  if (isText) tellUnwritten(findings, name, contentType, schemaPointer)
  const fields = Object.entries(encoding).map(([field, value]) => [field, fieldEncoding(value)] as const)
  const isForm = kindOf(contentType) === 'form' && fields.length > 0
  const element = /^[A-Za-z_]/.test(name) ? name : 'root'
  return {
    schema: isText ? textSchema(contentType, schema) : schema,
    content: {
      contentType,
      ...(isForm ? { encoding: Object.fromEntries(fields) } : {}),
      ...contentForm({ contentType, schema, source, name: element, root, target }),
    },
  }
}
