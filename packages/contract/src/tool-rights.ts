import { Type } from 'typebox'
import { Id } from './pages.ts'

// What narrows a key or a rule to some of the tools.

export const ToolIds = Type.Array(Id, {
  minItems: 1,
  maxItems: 1000,
  uniqueItems: true,
  description: 'Ids of the only tools it may use, beside those with one of `tags`.',
})

export const ToolTags = Type.Array(Type.String({ minLength: 1, maxLength: 200 }), {
  minItems: 1,
  maxItems: 100,
  uniqueItems: true,
  description: 'It may use tools with one of these tags only, beside those in `tools`.',
})

export const ReadOnly = Type.Boolean({ description: 'It may use tools only that change nothing (`readOnlyHint`).' })
