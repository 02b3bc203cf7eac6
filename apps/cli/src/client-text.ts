import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { type ClientSnippet, PLACEHOLDERS } from '@sluice/contract'
import { paint, safeLines } from './print.ts'

/** A snippet with what only this machine knows: its paths, and the access key where there is one. */
export function filledIn(snippet: ClientSnippet, accessKey?: string): ClientSnippet {
  const known: ReadonlyArray<readonly [string, string]> = [
    [PLACEHOLDERS.node, process.execPath],
    [PLACEHOLDERS.sluice, ownPath()],
    ...(accessKey ? [[PLACEHOLDERS.accessKey, accessKey] as const] : []),
  ]
  // A path stands within JSON text.
  const fill = (text: string, [placeholder, value]: readonly [string, string]) =>
    text.replaceAll(placeholder, JSON.stringify(value).slice(1, -1))
  return { ...snippet, text: known.reduce(fill, snippet.text) }
}

/** The script that starts this command line: packed for npm beside its modules, else at the top of the repository. */
function ownPath(): string {
  const packed = join(import.meta.dirname, 'sluice.js')
  return existsSync(packed) ? packed : join(import.meta.dirname, '..', '..', '..', 'sluice')
}

/** What to paste into one client. */
export function textFor(client: string, snippets: readonly ClientSnippet[]): string {
  return snippets
    .filter((snippet) => snippet.client === client)
    .map(({ title, how, text }) => `${title}: ${how}\n${safeLines(text)}`)
    .join('\n')
}

/** The same with what is known of it. */
export function snippetText({ title, how, text, tested, note }: ClientSnippet): string {
  const remarks = [tested ? 'tested' : 'untested', note].filter(Boolean).join('; ')
  return `${paint('bold', `${title}: ${how}`)} ${paint('dim', `(${remarks})`)}\n${safeLines(text)}`
}
