import type { Sandbox } from '@sluice/sandbox'
import { isExactNumber, isRecord, parseJsonAsWritten, stringifyJson } from '@sluice/schema'
import { countTokens } from '@sluice/tokenizer'
import { proposeFilter } from '../../packages/calls/src/propose-filter.ts'
import { unshapeJson } from '../../packages/calls/src/shape-json.ts'
import { toResult } from '../../packages/calls/src/to-result.ts'
import { ANSWER_TASKS, type AnswerTask } from './answer-tasks.ts'
import { median } from './median.ts'

/** An answer of the corpus: minified JSON by API and request. */
export interface RecordedAnswer {
  readonly api: string
  readonly op: string
  readonly text: string
}

/** What a filter of the fields that are needed must save at the median. */
const WANTED = 0.9

/**
 * What an answer costs a model that wants to know one thing: as minified JSON, and as it is shown with the filter that is
 * proposed for the fields of that task. False where a task lost a value that it needs, or where they save too little.
 */
export async function weighTasks(recorded: readonly RecordedAnswer[], filter: Sandbox['filter']): Promise<boolean> {
  const savings: number[] = []
  let [missing, lost] = [0, 0]
  console.log(`\n${row(['tokens', 'shown', 'saved', ''])}`)
  for (const task of ANSWER_TASKS) {
    const answer = longest(recorded, task)
    if (answer === undefined) {
      missing++
      console.log(row(['-', '-', '-', `${task.wanted} (not in this corpus: ${task.api} ${task.op})`]))
      continue
    }
    const shown = await showFor(task, answer, filter)
    const isKept = keepsAll(task, answer, shown)
    if (!isKept) lost++
    const [before, after] = [countTokens(answer), countTokens(shown)]
    savings.push(1 - after / before)
    const told = `${task.wanted}${isKept ? '' : ' LOST A NEEDED VALUE'}`
    console.log(row([String(before), String(after), percent(1 - after / before), told]))
  }
  const all = lost === 0 ? 'each keeps all values that it needs' : `${lost} LOST VALUES THAT THEY NEED`
  console.log(`${savings.length} of ${ANSWER_TASKS.length} tasks: ${percent(median(savings))} at the median, ${all}.`)
  return lost === 0 && missing === 0 && median(savings) >= WANTED
}

function longest(recorded: readonly RecordedAnswer[], task: AnswerTask): string | undefined {
  const answers = recorded.filter(({ api, op }) => api === task.api && op === task.op).map(({ text }) => text)
  return answers.toSorted((a, b) => b.length - a.length)[0]
}

/** All text that the model is shown, as the last steps of a call make it. */
async function showFor(task: AnswerTask, answer: string, filter: Sandbox['filter']): Promise<string> {
  const proposed = proposeFilter(parseJsonAsWritten(answer), task.fields).filter
  const limits = { deadline: Date.now() + 10_000, maxBytes: 10_000_000, trusted: true }
  const text = proposed === null ? answer : await filter(proposed, answer, limits)
  const body = { kind: 'json', status: 200, headers: [], mimeType: 'application/json', text } as const
  return toResult(body)
    .content.map((block) => (block as { text: string }).text)
    .join('\n')
}

function keepsAll({ fields }: AnswerTask, answer: string, shown: string): boolean {
  const wanted = fields.map((field) => field.replaceAll('[]', '').replace(/^\./, ''))
  const [before, after] = [parseJsonAsWritten(answer), unshapeJson(parseJsonAsWritten(shown))]
  // A label that names nothing would be kept by any filter.
  if (!wanted.every((one) => holdsValue(pick(before, [one], '')))) return false
  return stringifyJson(pick(before, wanted, '')) === stringifyJson(pick(after, wanted, ''))
}

function holdsValue(picked: unknown): boolean {
  if (typeof picked !== 'object') return picked !== undefined
  return picked !== null && (isExactNumber(picked) || Object.values(picked).some(holdsValue))
}

/** The values at the fields, each in its place; a field that is null and one that is not there tell the same. */
function pick(value: unknown, wanted: readonly string[], path: string): unknown {
  if (value === null || value === undefined) return undefined
  if (wanted.includes(path)) return value
  if (!wanted.some((one) => path === '' || one.startsWith(`${path}.`))) return undefined
  if (Array.isArray(value)) return value.map((item) => pick(item, wanted, path) ?? null)
  if (!isRecord(value)) return undefined
  const members = Object.entries(value).flatMap(([name, member]) => {
    const picked = pick(member, wanted, path === '' ? name : `${path}.${name}`)
    return picked === undefined ? [] : [[name, picked] as const]
  })
  return Object.fromEntries(members)
}

function percent(share: number): string {
  return `-${(share * 100).toFixed(1)} %`
}

function row([before, after, saved, task]: readonly string[]): string {
  return `${before!.padStart(8)}${after!.padStart(8)}${saved!.padStart(10)}  ${task}`
}
