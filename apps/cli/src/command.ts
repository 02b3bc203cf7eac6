import { Command } from '@commander-js/extra-typings'

/** A command line that cannot be meant. */
export class UsageFault extends Error {}

/** The command said all there is to say, and ends with this code. */
export class Ended extends Error {
  readonly exitCode: number

  constructor(exitCode: number) {
    super(`ended with ${exitCode}`)
    this.exitCode = exitCode
  }
}

/** One command, taught by example. Each answers programs too. */
export function command(name: string, about: string, examples: readonly string[]) {
  return new Command(name)
    .description(about)
    .option('--json', 'print JSON, for programs')
    .addHelpText('after', `\nExamples:\n${examples.map((example) => `  ${example}`).join('\n')}`)
}

/** A command that is one of several: `sluice tools list`. */
export function group(name: string, about: string, commands: readonly AnyCommand[]): AnyCommand {
  const parent = new Command(name).description(about)
  for (const child of commands) parent.addCommand(child)
  return parent as AnyCommand
}

// biome-ignore lint/suspicious/noExplicitAny: each command has options of its own
export type AnyCommand = Command<any[], any, any>

/** An option that may be given several times. */
export function several(value: string, before: readonly string[] = []): string[] {
  return [...before, value]
}

/** `name=value` of an option, split at the first `=`. @throws UsageFault */
export function pairOf(text: string, option: string): [string, string] {
  const at = text.indexOf('=')
  if (at < 1) throw new UsageFault(`${option} takes NAME=VALUE, not "${text}".`)
  return [text.slice(0, at), text.slice(at + 1)]
}

/** Only what was given: the API tells "left as it is" from "null". */
export function given<T extends object>(values: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as never
}

/** What the options change. @throws UsageFault when it is nothing */
export function changesOf<T extends { readonly json?: true }>({ json: _, ...changes }: T): Omit<T, 'json'> {
  if (Object.keys(changes).length === 0) throw new UsageFault('Say what to change.')
  return changes
}
