import type { Content, JsonSchema, StructuredAnswer } from '@sluice/contract'
import { checkSchema, parseJsonAsWritten } from '@sluice/schema'
import type { ResponseBody } from './read-response.ts'

/** What the text of a result says, as a value (B121): the answer as it is shown, and what is said beside it. */
export function structureAnswer(
  { kind }: ResponseBody,
  content: readonly Content[],
  schema: JsonSchema,
): StructuredAnswer {
  const texts = content.flatMap((block) => (block.type === 'text' ? [block.text] : []))
  if (kind !== 'json' && kind !== 'text') return { value: undefined, schema, fits: false, notes: texts }
  const [text = '', ...notes] = texts
  const value = kind === 'json' ? parseJsonAsWritten(text) : text
  return { value, schema, fits: checkSchema(schema, value).length === 0, notes }
}
