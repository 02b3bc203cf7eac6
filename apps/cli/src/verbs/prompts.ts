import type { Prompt, PromptDetail, PromptMessage, PromptVersion, PromptVersionDetail } from '@sluice/contract'
import { at } from '../admin-api.ts'
import { command, group } from '../command.ts'
import { withGateway } from '../connect.ts'
import { answer, count, fields, listing, safeLines } from '../print.ts'
import { readText } from '../read-document.ts'
import { wholeNumber } from '../whole-number.ts'
import { jsonText } from './call.ts'

export function promptCommands() {
  return group('prompts', 'what people who use a server can choose to say', [
    list(),
    show(),
    set(),
    versions(),
    use(),
    remove(),
  ])
}

function list() {
  return command('list', 'list the prompts of a server', ['sluice prompts list support'])
    .argument('<server>')
    .action(async (server, options) => {
      const items = await withGateway((api) => api.list<Prompt>(at`/servers/${server}/prompts`))
      const rows = items.map((one) => [one.name, `${one.version} of ${one.versions}`, one.description ?? ''])
      const nothing = `It has no prompts: sluice prompts set ${server} <name> <file>`
      answer(options, { items }, () => listing(rows, ['PROMPT', 'VERSION', 'DESCRIPTION'], nothing))
    })
}

function show() {
  return command('show', 'say what a prompt asks for and says', [
    'sluice prompts show support answer',
    'sluice prompts show support answer 1 --json',
  ])
    .argument('<server>')
    .argument('<prompt>', 'its name')
    .argument('[version]', 'its number; by default the current one')
    .action(async (server, name, version, options) => {
      const path =
        version === undefined
          ? at`/servers/${server}/prompts/${name}`
          : at`/servers/${server}/prompts/${name}/versions/${version}`
      const prompt = await withGateway((api) => api.request<PromptDetail | PromptVersionDetail>('GET', path))
      answer(options, prompt, () => promptText(name, prompt))
    })
}

function set() {
  return command('set', 'store a prompt, or a new version of one, from a JSON file', [
    'sluice prompts set support answer answer.json',
  ])
    .argument('<server>')
    .argument('<name>', 'letters, digits, underscores and hyphens')
    .argument('<file>', 'title, description, arguments and messages, as JSON')
    .action(async (server, name, file, options) => {
      const text = jsonText(readText(file), file)
      const prompt = await withGateway((api) =>
        api.requestText<PromptDetail>('PUT', at`/servers/${server}/prompts/${name}`, text),
      )
      answer(options, prompt, () => `Version ${prompt.version} of ${name} is the current one.`)
    })
}

function versions() {
  return command('versions', 'list the versions of a prompt, the newest first', [
    'sluice prompts versions support answer',
  ])
    .argument('<server>')
    .argument('<prompt>', 'its name')
    .action(async (server, name, options) => {
      const items = await withGateway((api) => api.list<PromptVersion>(at`/servers/${server}/prompts/${name}/versions`))
      const rows = items.map((one) => [
        String(one.version),
        one.isCurrent ? 'current' : '',
        one.createdAt,
        one.actor,
        one.description ?? '',
      ])
      answer(options, { items }, () => listing(rows, ['VERSION', '', 'MADE', 'BY', 'DESCRIPTION'], 'There are none.'))
    })
}

function use() {
  return command('use', 'choose the version of a prompt that clients get', ['sluice prompts use support answer 1'])
    .argument('<server>')
    .argument('<prompt>', 'its name')
    .argument('<version>', 'its number')
    .action(async (server, name, version, options) => {
      const body = { version: wholeNumber(version) }
      const prompt = await withGateway((api) =>
        api.request<PromptDetail>('PUT', at`/servers/${server}/prompts/${name}/current`, body),
      )
      answer(options, prompt, () => `Version ${prompt.version} of ${name} is the current one.`)
    })
}

function remove() {
  return command('remove', 'delete a prompt of a server, with all its versions', [
    'sluice prompts remove support answer',
  ])
    .argument('<server>')
    .argument('<prompt>', 'its name')
    .action(async (server, name, options) => {
      await withGateway((api) => api.request<undefined>('DELETE', at`/servers/${server}/prompts/${name}`))
      answer(options, { removed: name }, () => `${name} is gone.`)
    })
}

function promptText(name: string, prompt: PromptDetail | PromptVersionDetail): string {
  const { title, description, version, arguments: args, messages } = prompt
  const kept = 'versions' in prompt ? `${version} of ${prompt.versions}` : version
  const about = fields({ prompt: name, title, description, version: kept })
  const asked = args.map(({ name: argument, required, description: told, values }) => {
    const kind = [required && 'required', values && count(values.length, 'value')].filter(Boolean).join(', ')
    return `  ${argument}${kind ? ` (${kind})` : ''}${told ? `: ${told}` : ''}`
  })
  const listed = asked.length > 0 ? `Arguments:\n${asked.join('\n')}` : 'It takes no arguments.'
  return [about, safeLines(listed), ...messages.map((message) => safeLines(messageText(message)))].join('\n\n')
}

function messageText(message: PromptMessage): string {
  if ('text' in message) return `${message.role}: ${message.text}`
  if ('image' in message) return `${message.role}: [${message.image.mimeType}]`
  return `${message.role}: [${message.resource.uri}]\n${message.resource.text}`
}
