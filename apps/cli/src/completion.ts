import tab from '@bomb.sh/tab/commander'
import type { Command } from 'commander'
import { completeNames } from './complete-names.ts'
import { print, safe } from './print.ts'

/** At each tab the script of `sluice completion <shell>` asks `sluice complete -- <words>`: for commands and options, files, or names. */
export function addCompletion(program: Command): void {
  const root = tab(program, { completionCommandName: LIBRARYS_OWN })
  // Ours says the same and more.
  const commands = program.commands as Command[]
  commands.splice(
    commands.findIndex((command) => command.name() === LIBRARYS_OWN),
    1,
  )
  root.commands.delete(LIBRARYS_OWN)
  const complete = root.parse.bind(root)
  let asked: Promise<void> = Promise.resolve()
  root.parse = (words) => {
    const place = placeOf(program, words)
    if (place?.isFile) return print(SHELL_COMPLETES)
    if (!place || place.command.commands.length > 0) return complete(words)
    asked = propose(place, () => complete(words))
  }
  program.hook('postAction', () => asked)
}

const LIBRARYS_OWN = 'completion-script'
/** The directive of a shell's own completion: file names. */
const SHELL_COMPLETES = ':0'
const NO_FILES = ':4'

/** What is being typed. */
interface Place {
  readonly command: Command
  /** Without the name of the program. */
  readonly path: string
  /** The name of the argument, or of the option whose value it is. */
  readonly wanted: string
  readonly before: readonly string[]
  readonly typed: string
  readonly isFile: boolean
}

async function propose({ path, wanted, before, typed }: Place, otherwise: () => void): Promise<void> {
  const names = await completeNames(path, wanted, before)
  if (names.length === 0) return otherwise()
  const fitting = names.filter(([name]) => name.startsWith(typed) && !before.includes(name))
  for (const [name, about] of fitting) print(`${safe(name)}\t${safe(about.replaceAll('\n', ' '))}`)
  print(NO_FILES)
}

/** Undefined where a command or an option's name is being typed. */
function placeOf(program: Command, words: readonly string[]): Place | undefined {
  const typed = words.at(-1) ?? ''
  const { command, rest } = descend(program, words.slice(0, -1))
  if (command === program || typed.startsWith('-')) return undefined
  const path = pathOf(command, program)
  const option = command.options.find(({ long }) => long === rest.at(-1))
  const before = positionals(command, rest)
  if (option?.required) {
    const wanted = option.attributeName()
    return { command, path, wanted, before, typed, isFile: /file$/.test(wanted.toLowerCase()) }
  }
  const { registeredArguments: args } = command
  const argument = args[before.length] ?? args.findLast(({ variadic }) => variadic)
  if (!argument) return undefined
  const wanted = argument.name()
  return {
    command,
    path,
    wanted,
    before,
    typed,
    isFile: /^(document|file)$/.test(wanted) && command.commands.length === 0,
  }
}

function descend(program: Command, words: readonly string[]): { command: Command; rest: readonly string[] } {
  let command = program
  for (const [index, word] of words.entries()) {
    const child = command.commands.find((one) => one.name() === word)
    if (!child) return { command, rest: words.slice(index) }
    command = child as Command
  }
  return { command, rest: [] }
}

/** Words that are no option and no option's value. */
function positionals(command: Command, words: readonly string[]): string[] {
  return words.filter((word, index) => {
    const takesThis = command.options.some(({ long, required }) => required && long === words[index - 1])
    return !word.startsWith('-') && !takesThis
  })
}

function pathOf(command: Command, program: Command): string {
  const parent = command.parent && command.parent !== program ? `${pathOf(command.parent, program)} ` : ''
  return parent + command.name()
}
