import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from '../support/spawned.ts'
import { ALL_CLIENTS } from './all-clients.ts'
import { TASK } from './client.ts'
import type { Trial } from './try-client.ts'

/** What the table has to say of a client. */
export function pageRow({ name, version, revision }: Pick<Trial, 'name' | 'version' | 'revision'>): string {
  const { toolName, results } = ALL_CLIENTS[name]!
  return `${rowStart(name, version)} ${revision} | \`${toolName(TASK.read.tool)}\` | ${results} |`
}

/** The part of a row that can be told without trying a client. */
export function rowStart(name: string, version: string): string {
  return `| ${name} | \`${ALL_CLIENTS[name]!.package}\` ${version} |`
}

/** The page of the docs whose table is made of what was seen. */
export function readPage(): string {
  return readFileSync(PAGE, 'utf8')
}

/** Puts the rows of all clients in the place of those that are there. */
export function writeTable(trials: readonly Trial[]): void {
  writeFileSync(
    PAGE,
    readPage().replace(ROWS, (_rows, head) => `${head}${trials.map(pageRow).join('\n')}\n`),
  )
}

const PAGE = join(ROOT, 'docs', 'reference', 'clients.md')

/** The rows of the first table, below its head. */
const ROWS = /(\| Client \|.*\n\|[-|]+\|\n)(?:\|.*\n)*/
