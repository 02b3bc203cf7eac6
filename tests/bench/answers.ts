// `npm run bench -- answers`: what answers of real APIs cost a model, as they are, shaped, by a proposed filter, and for labelled tasks.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { createSandbox } from '@sluice/sandbox'
import { parseJsonAsWritten, stringifyJson } from '@sluice/schema'
import { countTokens } from '@sluice/tokenizer'
import { proposeFilter } from '../../packages/calls/src/propose-filter.ts'
import { shapeJson, unshapeJson } from '../../packages/calls/src/shape-json.ts'
import { ROOT } from '../support/spawned.ts'
import { median } from './median.ts'
import { type RecordedAnswer, weighTasks } from './weigh-tasks.ts'

const FOLDER = join(ROOT, '..', 'shared', 'corpus', 'responses')

interface Weights {
  readonly plain: number
  readonly shaped: number
  readonly filtered: number
}

/** False where shaping lost anything, or a filter a value that a task needs. */
export async function benchAnswers(): Promise<boolean> {
  if (!existsSync(FOLDER)) {
    console.log(`The corpus of responses is not beside this clone (${FOLDER}): nothing is measured.`)
    return true
  }
  const sandbox = createSandbox()
  let [lost, all, recorded] = [0, [] as Weights[], [] as RecordedAnswer[]]
  console.log(row(['API', 'answers', 'tokens', 'shaped', 'of 2 kB up', 'filtered', 'median']))
  for (const file of readdirSync(FOLDER).filter((name) => name.endsWith('.jsonl.gz'))) {
    const answers = answersIn(join(FOLDER, file))
    const weights: Weights[] = []
    for (const { text } of answers) {
      const value = parseJsonAsWritten(text)
      const shaped = shapeJson(value)
      if (stringifyJson(unshapeJson(shaped)) !== stringifyJson(value) && shaped !== value) lost++
      weights.push(await weigh(text, stringifyJson(shaped), value, sandbox.filter))
    }
    console.log(row([file.replace('.jsonl.gz', ''), String(answers.length), ...told(weights)]))
    all = [...all, ...weights]
    recorded = [...recorded, ...answers]
  }
  console.log(row(['all', String(all.length), ...told(all)]))
  console.log(lost === 0 ? 'Shaping gave back every answer.' : `Shaping lost something of ${lost} answers.`)
  const isKept = await weighTasks(recorded, sandbox.filter)
  await sandbox.close()
  return lost === 0 && isKept
}

function answersIn(file: string): RecordedAnswer[] {
  const api = basename(file, '.jsonl.gz')
  const lines = gunzipSync(readFileSync(file)).toString('utf8').trim().split('\n')
  return lines.map((line) => {
    const { op, body } = JSON.parse(line) as { op: string; body: unknown }
    return { api, op, text: JSON.stringify(body) }
  })
}

type Filter = ReturnType<typeof createSandbox>['filter']

async function weigh(text: string, shaped: string, value: unknown, filter: Filter): Promise<Weights> {
  const plain = countTokens(text)
  const isShaped = text.length >= 2048 && shaped.length < text.length
  const { filter: proposed } = proposeFilter(value)
  const limits = { deadline: Date.now() + 10_000, maxBytes: 10_000_000, trusted: true }
  const kept = proposed === null ? text : await filter(proposed, text, limits)
  return { plain, shaped: isShaped ? countTokens(shaped) : plain, filtered: countTokens(kept) }
}

/** Totals as shares of the plain ones; the median of the filter's savings. */
function told(weights: readonly Weights[]): string[] {
  const sum = (pick: (one: Weights) => number, of = weights) => of.reduce((total, one) => total + pick(one), 0)
  const plain = sum(({ plain: tokens }) => tokens)
  const large = weights.filter(({ plain: tokens, shaped }) => shaped < tokens)
  const share = (part: number, whole: number) => (whole === 0 ? '-' : `${Math.round((part / whole - 1) * 100)} %`)
  return [
    String(plain),
    share(
      sum(({ shaped }) => shaped),
      plain,
    ),
    share(
      sum(({ shaped }) => shaped, large),
      sum(({ plain: tokens }) => tokens, large),
    ),
    share(
      sum(({ filtered }) => filtered),
      plain,
    ),
    share(median(weights.map(({ filtered, plain: tokens }) => filtered / tokens)), 1),
  ]
}

function row(cells: readonly string[]): string {
  return cells.map((cell, at) => (at === 0 ? cell.padEnd(20) : cell.padStart(12))).join('')
}
