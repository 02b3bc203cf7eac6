import type { JudgeFigures } from './judge/judge-spec.ts'
import { DISAGREEMENTS, explain } from './judge/known-disagreements.ts'
import { nameOf } from './judge/list-inputs.ts'
import { percent, table, totals } from './table.ts'

/** A document's name with what was said of it. */
export interface Judged {
  readonly id: string
  readonly figures: JudgeFigures
}

/** What the judge and the walker say of all documents. */
export interface JudgeSummary {
  readonly text: string
  readonly isGood: boolean
}

/** `isWhole`: every operation was judged, so that a disagreement that explains nothing is stale. */
export function summarizeJudge(judged: readonly Judged[], isWhole: boolean): JudgeSummary {
  const all = judged.flatMap(({ id, figures }) => figures.verdicts.map((verdict) => ({ id, ...verdict })))
  const sum = (pick: (one: (typeof all)[number]) => number) => all.reduce((total, one) => total + pick(one), 0)
  const refusals = all.flatMap(({ id, operation, refusals: list }) =>
    list.map((refusal) => ({ place: `${id} ${operation}`, refusal, explained: explain(refusal, operation) })),
  )
  const sent = refusals.filter(({ refusal }) => refusal.kind !== 'no-arguments')
  const explained = sent.filter((one) => one.explained)
  const open = sent.filter((one) => !one.explained)
  const requests = sum((one) => one.requests) - (refusals.length - sent.length)
  const accepted = sum((one) => one.accepted)
  const inputs = sum((one) => one.inputs)
  const lost = all.flatMap(({ id, operation, lost: list }) =>
    list.map((loss) => ({ place: `${id} ${operation}`, ...loss })),
  )
  const used = new Set(explained.flatMap((one) => one.explained!.map(({ name }) => name)))
  const stale = isWhole ? DISAGREEMENTS.filter(({ name }) => !used.has(name)).map(({ name }) => name) : []
  const judgedRight = requests - explained.length
  const text = [
    `${'operations judged'.padEnd(24)}${all.length - all.filter(({ unjudged }) => unjudged).length} of ${all.length}`,
    `${'requests'.padEnd(24)}${requests}`,
    `${'accepted'.padEnd(24)}${accepted} (${percent(accepted, judgedRight)} of those that no known disagreement is about)`,
    `${'refused, explained'.padEnd(24)}${explained.length}`,
    `${'refused, not explained'.padEnd(24)}${open.length}`,
    `${'no arguments found'.padEnd(24)}${refusals.length - sent.length}`,
    `${'inputs'.padEnd(24)}${inputs}`,
    `${'carried or named'.padEnd(24)}${inputs - lost.length} (${percent(inputs - lost.length, inputs)})`,
    ...table('known disagreements', totals(explained.map((one) => ({ [one.explained![0]!.name]: 1 })))),
    ...table(
      'refusals not explained',
      totals(open.map(({ refusal }) => ({ [inGeneral(refusal.reasons[0] ?? '')]: 1 }))),
    ),
    ...table('inputs lost', totals(lost.map(({ input, because }) => ({ [`${input.place}: ${because}`]: 1 })))),
    ...table('not judged', totals(all.flatMap(({ unjudged }) => (unjudged ? [{ [unjudged.slice(0, 120)]: 1 }] : [])))),
    ...table(
      'disagreements that explain nothing any more',
      stale.map((name) => [name, 0]),
    ),
    ...table(
      'for example, lost',
      lost.slice(0, 20).map(({ place, input }) => [`${place}: ${nameOf(input)}`, 1]),
    ),
  ].join('\n')
  const isGood =
    open.length === 0 && stale.length === 0 && accepted >= judgedRight * 0.995 && inputs - lost.length >= inputs * 0.99
  return { text, isGood }
}

/** A reason without what is this document's own. */
function inGeneral(reason: string): string {
  return reason
    .split('\n', 1)[0]!
    .replaceAll(/'[^']*'/g, "'…'")
    .replaceAll(/\b(body|query|header|path)\.\S+/g, '$1.…')
    .replaceAll(/(property|parameter) \S+/g, '$1 …')
    .replace(/(values|pattern|found) .*/, '$1 …')
    .slice(0, 120)
}
