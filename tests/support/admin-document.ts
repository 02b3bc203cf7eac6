import { checkSchema } from '@sluice/schema'

type Json = Record<string, unknown>

interface Operation {
  readonly operationId: string
  readonly summary: string
  readonly parameters: ReadonlyArray<{ readonly name: string; readonly in: string; readonly schema: Json }>
  readonly requestBody?: { readonly content: Content }
  readonly responses: Record<string, { readonly description: string; readonly content?: Content }>
}
type Content = Record<string, { readonly schema: Json; readonly example?: unknown }>

/** The admin API's own document. */
export interface AdminDocument {
  readonly paths: Record<string, Record<string, Operation>>
  readonly components: { readonly schemas: Record<string, Json> }
}

export function operationsOf({ paths }: AdminDocument): Operation[] {
  return Object.values(paths).flatMap((item) => Object.values(item))
}

/** What it says of answers, as a check: the faults of one, or what it does not declare. */
export function answerChecker(document: AdminDocument) {
  const known = new Map(operationsOf(document).map((operation) => [operation.operationId, operation]))
  const compiled = new Map<Json, Json>()
  /** Its references are resolved in the document's components. Kept: a schema is compiled once. */
  const whole = (schema: Json): Json => {
    const found = compiled.get(schema) ?? { ...schema, components: document.components }
    compiled.set(schema, found)
    return found
  }
  return (operationId: string, answer: { status: number; type: string; body: unknown }): string[] => {
    const declared = known.get(operationId)?.responses[answer.status]
    if (!declared) return [`${operationId} does not declare ${answer.status}`]
    if (!declared.content) return answer.body === '' ? [] : [`${operationId} ${answer.status} has a body`]
    const [mediaType] = answer.type.split(';')
    const content = declared.content[mediaType!]
    if (!content) return [`${operationId} ${answer.status} is ${mediaType}`]
    return checkSchema(whole(content.schema), answer.body).map(
      ({ path, message }) => `${operationId} ${path} ${message}`,
    )
  }
}

/** Every example of every schema in it, held against that schema. */
export function exampleFaults(document: AdminDocument): { readonly examples: number; readonly faults: string[] } {
  const faults: string[] = []
  let examples = 0
  const walk = (value: unknown, pointer: string): void => {
    if (typeof value !== 'object' || value === null) return
    for (const [name, child] of Object.entries(value)) walk(child, `${pointer}/${name}`)
    if (!('examples' in value) || !Array.isArray(value.examples)) return
    const schema = { ...value, components: document.components }
    for (const example of value.examples) {
      examples++
      for (const { path, message } of checkSchema(schema, example)) faults.push(`${pointer} ${path} ${message}`)
    }
  }
  walk(document, '#')
  return { examples, faults }
}
