import { ApiProblem } from './admin-api.ts'
import { print, printError } from './print.ts'
import { UsageFault, type Verb } from './verb.ts'

/** What the process ends with; documented in `sluice --help`. */
export const EXIT = { done: 0, failed: 1, usage: 2, toolError: 3 } as const

interface Entry {
  readonly usage: string
  readonly about: string
  /** Loaded when it is run: most commands need little, and the gateway is much. */
  readonly load: () => Promise<Verb>
}

const VERBS: Record<string, Entry> = {
  serve: {
    usage: 'serve [spec]',
    about: 'serve a document from memory; without one, the gateway',
    load: async () => (await import('./verbs/serve.ts')).serve,
  },
  check: {
    usage: 'check <spec>',
    about: 'say what an import would make of a document, offline',
    load: async () => (await import('./verbs/check.ts')).check,
  },
  import: {
    usage: 'import <file|url|->',
    about: 'import a document into the gateway and make its server',
    load: async () => (await import('./verbs/import.ts')).importVerb,
  },
  call: {
    usage: 'call <server> <tool> --args JSON',
    about: 'call a tool as an agent would',
    load: async () => (await import('./verbs/call.ts')).call,
  },
  key: {
    usage: 'key create|list|revoke',
    about: 'make, list and revoke the access keys of agents',
    load: async () => (await import('./verbs/key.ts')).key,
  },
  'admin-key': {
    usage: 'admin-key create',
    about: 'make an admin key with access to the database, when locked out',
    load: async () => (await import('./verbs/admin-key.ts')).adminKey,
  },
  start: { usage: 'start', about: 'run the gateway', load: async () => (await import('./verbs/start.ts')).startVerb },
}

/** Runs one command line and says the exit code. */
export async function runCli(argv: readonly string[]): Promise<number> {
  const [name, ...rest] = argv
  if (name === undefined || name === '--help' || name === 'help') {
    print(helpText())
    return name === undefined ? EXIT.usage : EXIT.done
  }
  const entry = Object.hasOwn(VERBS, name) ? VERBS[name]! : undefined
  if (!entry) {
    printError(`There is no command "${name}".\n\n${helpText()}`)
    return EXIT.usage
  }
  const verb = await entry.load()
  if (rest.includes('--help')) {
    print(verb.help)
    return EXIT.done
  }
  return verb.run(rest).catch((error: unknown) => report(error, rest.includes('--json'), verb))
}

async function report(error: unknown, asJson: boolean, verb: Verb): Promise<number> {
  if (error instanceof UsageFault || isParseFault(error)) {
    printError(`${error.message}\n\n${verb.help}`)
    return EXIT.usage
  }
  if (error instanceof ApiProblem) {
    if (asJson) print(JSON.stringify(error.problem))
    else printError(error.message)
    return EXIT.failed
  }
  const { isExpected } = await import('@sluice/gateway')
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
