import { type Static, Type } from 'typebox'
import { Nullable } from './pages.ts'

/** What stands in a snippet for what only the reader knows. */
export const PLACEHOLDERS = {
  accessKey: '<your access key>',
  node: '<path of node>',
  sluice: '<path of sluice>',
} as const

export const ClientSnippet = Type.Object({
  client: Type.String({ description: 'Stable name.', examples: ['claude-code'] }),
  title: Type.String({ examples: ['Claude Code'] }),
  how: Type.String({ description: 'What to do with the text.', examples: ['Run'] }),
  text: Type.String({
    description: `A command, or the text of a file. \`${Object.values(PLACEHOLDERS).join('`, `')}\` stand for what the gateway does not know.`,
  }),
  tested: Type.Boolean({ description: 'The product’s own tests use the text as it is.' }),
  note: Nullable(Type.String({ description: 'What else is needed.' })),
})
export type ClientSnippet = Static<typeof ClientSnippet>
