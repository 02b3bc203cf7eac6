import { follow, isPlain, type OriginalOperation, type Plain } from '../walk-operations.ts'
import { projectSchema } from './project-schema.ts'

/** An operation whose body has of its schemas what a value reaches: see `projectSchema`. Parameters stay as they are. */
export function projectOperation(root: Plain, original: OriginalOperation, value: unknown): OriginalOperation {
  const { item, value: operation } = original
  const requestBody = follow(root, operation.requestBody)
  const content = isPlain(requestBody?.content) ? requestBody.content : undefined
  return {
    ...original,
    item: projectBodies(root, item, value),
    value: {
      ...projectBodies(root, operation, value),
      ...(content ? { requestBody: { ...requestBody, content: projectContent(root, content, value) } } : {}),
    },
  }
}

function projectContent(root: Plain, content: Plain, value: unknown): Plain {
  return Object.fromEntries(
    Object.entries(content).map(([type, media]) => [type, withSchema(root, follow(root, media) ?? media, value)]),
  )
}

function withSchema(root: Plain, holder: unknown, value: unknown): unknown {
  if (!isPlain(holder)) return holder
  return 'schema' in holder ? { ...holder, schema: projectSchema(root, holder.schema, [value]) } : holder
}

/** In Swagger a body is a parameter. */
function projectBodies(root: Plain, holder: Plain, value: unknown): Plain {
  if (!Array.isArray(holder.parameters)) return holder
  const parameters = holder.parameters.map((entry) => {
    const parameter = follow(root, entry)
    return parameter?.in === 'body' ? withSchema(root, parameter, value) : entry
  })
  return { ...holder, parameters }
}
