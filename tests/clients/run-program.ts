import { cleanEnv, run } from '../support/spawned.ts'

/** Runs a program of JavaScript to its end, in the folder of this process. @throws where it does not end with the code `want` */
export function runProgram(args: readonly string[], options: RunOptions = {}): Promise<string> {
  return runCommand(process.execPath, args, options)
}

interface RunOptions {
  readonly env?: Readonly<Record<string, string>>
  readonly want?: number
}

/** Runs lines of a shell in which `name` is a program of JavaScript, as it is where that is installed. */
export function runInShell(name: string, program: string, lines: string, env: RunOptions['env'] = {}): Promise<string> {
  return runCommand('bash', ['-ec', `${name}() { '${process.execPath}' '${program}' "$@"; }\n${lines}`], { env })
}

async function runCommand(
  command: string,
  args: readonly string[],
  { env = {}, want = 0 }: RunOptions,
): Promise<string> {
  const { code, stdout, stderr } = await run(command, args, { cwd: process.cwd(), env: cleanEnv(env) })
  if (code !== want) throw new Error(`${args.join(' ')} ended with ${code} and not ${want}:\n${stdout}${stderr}`)
  // Read where what it did is not what was wanted.
  process.stderr.write(stderr)
  return stdout
}
