import { Problem, type ProblemError, type PromptMessage, type SetPrompt } from '@sluice/contract'
import { placeholdersIn } from '@sluice/mcp'
import { nearestName } from '@sluice/schema'
import { isBase64 } from './is-base64.ts'

/** Refuses a prompt whose texts want what no argument gives, each with its place. @throws Problem `invalid-request` */
export function checkPrompt({ arguments: args = [], messages }: SetPrompt): void {
  const names = args.map(({ name }) => name)
  const twice = names.flatMap((name, index) => (names.indexOf(name) < index ? [sameName(name, index)] : []))
  const errors = [...twice, ...messages.flatMap((message, index) => faultsOf(message, `/messages/${index}`, names))]
  if (errors.length > 0) throw new Problem('invalid-request', { detail: errors[0]!.detail, errors })
}

function sameName(name: string, index: number): ProblemError {
  return { pointer: `/arguments/${index}/name`, detail: `There is an argument "${name}" already.`, fix: 'Rename one.' }
}

function faultsOf(message: PromptMessage, pointer: string, names: readonly string[]): ProblemError[] {
  if ('text' in message) return unknownIn(message.text, `${pointer}/text`, names)
  if ('image' in message) {
    const detail = 'The data of the image is no base64.'
    const fix = 'Encode the bytes as RFC 4648 4 has it.'
    return isBase64(message.image.data) ? [] : [{ pointer: `${pointer}/image/data`, detail, fix }]
  }
  const { uri, text } = message.resource
  return [...unknownIn(uri, `${pointer}/resource/uri`, names), ...unknownIn(text, `${pointer}/resource/text`, names)]
}

function unknownIn(text: string, pointer: string, names: readonly string[]): ProblemError[] {
  return placeholdersIn(text)
    .filter(({ name }) => !names.includes(name))
    .map(({ name, index }) => {
      const near = nearestName(name, names)
      const told = names.length > 0 ? `Its arguments are ${names.join(', ')}.` : 'Name it in `arguments`.'
      const detail = `{{${name}}} at ${placeOf(text, index)} is no argument of the prompt.`
      return { pointer, detail, fix: near ? `Did you mean {{${near}}}?` : told }
    })
}

function placeOf(text: string, index: number): string {
  const before = text.slice(0, index).split('\n')
  return `line ${before.length}, column ${before.at(-1)!.length + 1}`
}
