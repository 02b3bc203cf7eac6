import type { GetPromptResult, Prompt } from '@modelcontextprotocol/server'
import type { CatalogPrompt, PromptMessage } from '@sluice/contract'
import { fillText } from './placeholders.ts'

type Given = Readonly<Record<string, string>>

/** A prompt as `prompts/get` gives it, with what was given for its arguments. */
export function fillPrompt({ description, messages }: CatalogPrompt, given: Given): GetPromptResult {
  return {
    ...(description === null ? {} : { description }),
    messages: messages.map((message) => ({ role: message.role, content: fill(message, given) })),
  }
}

/** Those that must be given, and are not. */
export function missingArguments({ arguments: args }: CatalogPrompt, given: Given): string[] {
  return args.filter(({ name, required }) => required && !Object.hasOwn(given, name)).map(({ name }) => name)
}

/** A prompt as `prompts/list` shows it. */
export function encodePrompt({ name, title, description, arguments: args }: CatalogPrompt): Prompt {
  return {
    name,
    ...(title === null ? {} : { title }),
    ...(description === null ? {} : { description }),
    ...(args.length > 0 ? { arguments: args.map(({ values: _values, ...argument }) => argument) } : {}),
  }
}

function fill(message: PromptMessage, given: Given): GetPromptResult['messages'][number]['content'] {
  if ('text' in message) return { type: 'text', text: fillText(message.text, given) }
  if ('image' in message) return { type: 'image', ...message.image }
  const { uri, mimeType, text } = message.resource
  return { type: 'resource', resource: { uri: fillText(uri, given), mimeType, text: fillText(text, given) } }
}
