import type { ProblemDocument } from '@sluice/contract'
import { Command, CommanderError } from 'commander'
import { ApiProblem } from './admin-api.ts'
import { Ended, UsageFault } from './command.ts'
import { commands } from './commands.ts'
import { addCompletion } from './completion.ts'
import { print, printError } from './print.ts'

/** What the process ends with; documented in `sluice --help`. */
const EXIT = { done: 0, failed: 1, usage: 2 } as const

/** Runs one command line and says the exit code. */
export async function runCli(argv: readonly string[]): Promise<number> {
  const isJson = wantsJson(argv)
  const program = createProgram(isJson)
  let running: Command = program
  program.hook('preAction', (_, action) => {
    running = action
  })
  try {
    await program.parseAsync([...argv], { from: 'user' })
    return Number(process.exitCode ?? EXIT.done)
  } catch (error) {
    return report(error, running, isJson)
  }
}

/** Known before the line is read: what is wrong with it is told in JSON too. */
function wantsJson(argv: readonly string[]): boolean {
  const end = argv.indexOf('--')
  return argv.slice(0, end < 0 ? argv.length : end).includes('--json')
}

function createProgram(isJson: boolean): Command {
  const program = new Command('sluice')
    .description('Turns a REST API that has an OpenAPI document into an MCP server.')
    .addHelpText('after', MORE)
  for (const { title, members } of commands()) {
    program.commandsGroup(`${title}:`)
    for (const command of members) program.addCommand(command as unknown as Command)
  }
  addCompletion(program)
  program.helpCommand('help [command]', 'say more about a command')
  everyCommand(program, (command) => {
    command.exitOverride().configureHelp({ sortOptions: true, showGlobalOptions: false })
    if (isJson) command.configureOutput({ writeErr: () => {} })
    else command.showHelpAfterError(`(${pathOf(command)} --help says more)`)
  })
  return program
}

function everyCommand(command: Command, work: (command: Command) => void): void {
  work(command)
  for (const child of command.commands) everyCommand(child as Command, work)
}

function pathOf(command: Command): string {
  return command.parent ? `${pathOf(command.parent)} ${command.name()}` : command.name()
}

/** Says what went wrong, and the exit code. @throws what nobody expected */
async function report(error: unknown, command: Command, isJson: boolean): Promise<number> {
  if (error instanceof Ended) return error.exitCode
  if (error instanceof CommanderError) return reportCommander(error, isJson)
  if (error instanceof UsageFault) {
    if (isJson) printFault({ code: 'usage', detail: error.message })
    else printError(`${error.message}\n(${pathOf(command)} --help says more)`)
    return EXIT.usage
  }
  if (!(error instanceof ApiProblem) && !isOfSystem(error)) {
    const { isExpected } = await import('@sluice/gateway')
    if (!(await isExpected(error))) throw error
  }
  const { message } = error as Error
  if (isJson) printFault(error instanceof ApiProblem ? error.problem : { detail: message })
  else printError(message)
  return EXIT.failed
}

/** A file that is no folder, a disk that is full: the system's words name it. */
function isOfSystem(error: unknown): boolean {
  return error instanceof Error && (error as NodeJS.ErrnoException).syscall !== undefined
}

/** Commander has said it to people already; help that was asked for is no fault. */
function reportCommander({ code, exitCode, message }: CommanderError, isJson: boolean): number {
  if (exitCode === 0) return EXIT.done
  // A group of commands has no options but --help.
  const isGroup = code === 'commander.help' || message.includes("unknown option '--json'")
  const detail = isGroup ? 'Say which command; --help lists them.' : message.replace(/^error: /, '')
  if (isJson) printFault({ code: 'usage', detail })
  return EXIT.usage
}

/** A failure for programs: on standard output, as all that they read. */
function printFault(error: Partial<ProblemDocument> | { readonly code?: 'usage'; readonly detail: string }): void {
  print(JSON.stringify({ error }))
}

const MORE = `
Try it with your own document, without setting anything up:
  sluice serve my-api.yaml

Run a gateway, import into it, and call a tool:
  sluice start
  sluice import my-api.yaml --server shop
  sluice call shop list_orders --args '{"limit": 3}'

Every command has --help and --json; with --json a failure is {"error": {…}} on standard output.

Environment:
  SLUICE_URL         the gateway, by default the one on this machine; none running: one is started for the command
  SLUICE_ADMIN_KEY   by default the key in DATA_DIR/admin.key
  SLUICE_ACCESS_KEY  the agent's key, for \`sluice stdio <server>\`
  SLUICE_INSTALLATION_KEY  for \`sluice workspaces\`
  The gateway's own settings (PORT, DATA_DIR, DATABASE_URL …) are in .env.example.

Exit codes: 0 done, 1 refused or failed (a file that is not there too), 2 the command line is wrong, 3 the tool answered with an error.`
