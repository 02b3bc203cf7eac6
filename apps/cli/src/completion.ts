import tab from '@bomb.sh/tab/commander'
import type { Command } from 'commander'
import { print } from './print.ts'

/** `sluice completion <shell>` prints the script; the shell then asks `sluice complete -- <words>` at each tab. */
export function addCompletion(program: Command): void {
  program.commandsGroup('The shell:')
  const root = tab(program, { completionCommandName: 'completion' })
  named(program, 'completion')?.description('print the completion script of zsh, bash or fish')
  const complete = root.parse.bind(root)
  root.parse = (words) => (wantsFile(program, words) ? print(SHELL_COMPLETES) : complete(words))
}

/** The directive of a shell's own completion: file names. */
const SHELL_COMPLETES = ':0'

/** Whether the word that is being typed names a document or another file. */
function wantsFile(program: Command, words: readonly string[]): boolean {
  const [name, ...rest] = words
  const command = named(program, name)
  const typed = rest.at(-1) ?? ''
  if (!command || rest.length === 0 || typed.startsWith('-')) return false
  const option = command.options.find(({ long }) => long === rest.at(-2))
  if (option?.required) return /file$/.test(option.attributeName().toLowerCase())
  return command.registeredArguments.some((argument) => argument.name() === 'document')
}

function named(program: Command, name: string | undefined): Command | undefined {
  return program.commands.find((command) => command.name() === name)
}
