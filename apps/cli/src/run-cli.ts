import { isExpected } from '@sluice/gateway'
import { ApiProblem } from './admin-api.ts'
import { print, printError } from './print.ts'
import { UsageFault, type Verb } from './verb.ts'
import { adminKey } from './verbs/admin-key.ts'
import { call } from './verbs/call.ts'
import { check } from './verbs/check.ts'
import { importVerb } from './verbs/import.ts'
import { key } from './verbs/key.ts'
import { serve } from './verbs/serve.ts'
import { startVerb } from './verbs/start.ts'

/** What the process ends with; documented in `sluice --help`. */
export const EXIT = { done: 0, failed: 1, usage: 2, toolError: 3 } as const

const VERBS: Record<string, Verb> = {
  serve,
  check,
  import: importVerb,
  call,
  key,
  'admin-key': adminKey,
  start: startVerb,
}

/** Runs one command line and says the exit code. */
export async function runCli(argv: readonly string[]): Promise<number> {
  const [name, ...rest] = argv
  if (name === undefined || name === '--help' || name === 'help') {
    print(helpText())
    return name === undefined ? EXIT.usage : EXIT.done
  }
  const verb = Object.hasOwn(VERBS, name) ? VERBS[name]! : undefined
  if (!verb) {
    printError(`There is no command "${name}".\n\n${helpText()}`)
    return EXIT.usage
  }
  if (rest.includes('--help')) {
    print(verb.help)
    return EXIT.done
  }
  return verb.run(rest).catch((error: unknown) => report(error, rest.includes('--json'), verb))
}

function report(error: unknown, asJson: boolean, verb: Verb): number {
  if (error instanceof UsageFault || isParseFault(error)) {
    printError(`${error.message}\n\n${verb.help}`)
    return EXIT.usage
  }
  if (error instanceof ApiProblem) {
    if (asJson) print(JSON.stringify(error.problem))
    else printError(error.message)
    return EXIT.failed
  }
  if (!isExpected(error)) throw error
  if (asJson) print(JSON.stringify({ detail: error.message }))
  else printError(error.message)
  return EXIT.failed
}

/** What `parseArgs` throws for an unknown option or a missing value. */
function isParseFault(error: unknown): error is Error {
  return error instanceof Error && String((error as NodeJS.ErrnoException).code).startsWith('ERR_PARSE_ARGS')
}

function helpText(): string {
  return `sluice turns a REST API that has an OpenAPI document into an MCP server.

Try it with your own document, without setting anything up:
  sluice serve my-api.yaml

Look at a document before you import it:
  sluice check my-api.yaml

Run a gateway, import into it, and call a tool:
  sluice start
  sluice import my-api.yaml --server shop
  sluice call shop list_orders --args '{"limit": 3}'

Commands (each has --help and --json):
${Object.values(VERBS)
  .map(({ usage, about }) => `  ${usage.padEnd(34)} ${about}`)
  .join('\n')}

Environment:
  SLUICE_URL        the gateway, by default the one on this machine; none running: one is started for the command
  SLUICE_ADMIN_KEY  by default the key in DATA_DIR/admin.key
  The gateway's own settings (PORT, DATA_DIR, DATABASE_URL …) are in .env.example.

Exit codes: 0 done, 1 refused or failed, 2 the command line is wrong, 3 the tool answered with an error.`
}
