import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from './spawned.ts'

/** Commands of a page, as a reader would paste them: continued lines are one. */
export function commandsOf(page: string): string[] {
  const text = readFileSync(join(ROOT, page), 'utf8')
  const blocks = [...text.matchAll(/```sh\n([\s\S]*?)```/g)].map((match) => match[1]!)
  return blocks
    .flatMap((block) => block.replaceAll('\\\n  ', '').split('\n'))
    .map((line) => line.replace(/ +#.*$/, '').trim())
    .filter(Boolean)
}
