import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Finished, ROOT } from './spawned.ts'

/** One thing that a reader of a page does, or sees. */
export type PageStep =
  /** Saves a block of code under the name that the text before it gives. */
  | { readonly kind: 'file'; readonly name: string; readonly text: string }
  | { readonly kind: 'commands'; readonly text: string }
  /** What the commands before it print. */
  | { readonly kind: 'shown'; readonly text: string }

/** The steps of a page under `docs`, in their order; blocks of code whose name nobody gives are none. */
export function stepsOf(page: string): PageStep[] {
  const text = readFileSync(join(ROOT, page), 'utf8')
  const blocks = [...text.matchAll(/([^\n]*)\n\n```(\w*)\n([\s\S]*?)```/g)]
  return blocks.flatMap(([, before = '', language, code = '']): PageStep[] => {
    if (language === 'sh') return [{ kind: 'commands', text: code }]
    if (language === '') return [{ kind: 'shown', text: code }]
    const [, name] = /`([\w.-]+)`[^`]*:$/.exec(before) ?? []
    return name ? [{ kind: 'file', name, text: code }] : []
  })
}

/** How a page is followed. */
export interface Reader {
  readonly folder: string
  /** What stands otherwise here, such as ports, by what the page says. */
  readonly instead: Readonly<Record<string, string>>
  readonly run: (commands: string) => Promise<Finished>
  /** Starts what goes on until it is ended, and gives what it says first; `undefined`: it ends by itself. */
  readonly start: (commands: string) => Promise<string> | undefined
}

/**
 * Does what a page says, and holds what it shows against what comes: `…` stands for anything. A command that fails is followed by
 * what it says of that.
 * @throws Error
 */
export async function followPage(page: string, reader: Reader): Promise<void> {
  let printed = ''
  const steps = stepsOf(page).map((step) => ({ ...step, text: replaced(step.text, reader.instead) }))
  for (const [at, step] of steps.entries()) {
    if (step.kind === 'file') writeFileSync(join(reader.folder, step.name), step.text)
    else if (step.kind === 'shown') compare(page, step.text, printed)
    else {
      const { code, output } = await resultOf(step.text, reader)
      printed = output
      if (code !== 0 && !isShown(output, steps[at + 1]))
        throw new Error(`${page} shows a command that fails (${code}), and no error:\n${step.text}\n${printed}`)
    }
  }
}

async function resultOf(commands: string, { start, run }: Reader): Promise<{ code: number | null; output: string }> {
  const started = start(commands)
  if (started) return { code: 0, output: await started }
  const { code, stdout, stderr } = await run(commands)
  return { code, output: stdout + stderr }
}

/** Whether the last thing that a command said stands in what a page shows of it, word by word. */
function isShown(output: string, next: PageStep | undefined): boolean {
  const last = output.trim().split('\n').at(-1)!
  return last !== '' && next?.kind === 'shown' && next.text.includes(last)
}

function replaced(text: string, instead: Reader['instead']): string {
  return Object.entries(instead).reduce((before, [from, to]) => before.replaceAll(from, to), text)
}

function compare(page: string, shown: string, printed: string): void {
  const parts = shown
    .trim()
    .split('…')
    .map((part) => part.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&'))
  if (new RegExp(`^${parts.join('[\\s\\S]*')}$`).test(printed.trim())) return
  throw new Error(`${page} shows:\n${shown}\nbut this is what is printed:\n${printed}`)
}
