import { isDeepStrictEqual } from 'node:util'
import { expect, test } from 'vitest'
import { parseFilter } from '../../packages/sandbox/src/parse-filter.ts'
import { runFilter } from '../../packages/sandbox/src/run-filter.ts'
import { jmespathSuite, type SuiteCase } from './jmespath-suite.ts'

const UNORDERED = 'only numbers have an order, others give null; the library compares them as JavaScript does'

/** Misses that we know of, by file and expression, and why. */
const MISSES: Readonly<Record<string, string>> = {
  'boolean.json: emptylist < one': UNORDERED,
  'boolean.json: emptylist < nullvalue': UNORDERED,
  'boolean.json: emptylist < boolvalue': UNORDERED,
  'boolean.json: one < boolvalue': UNORDERED,
  'ours: list < number': UNORDERED,
  'ours: text < other': UNORDERED,
  'ours: yes > number': UNORDERED,
}

/** What the suite that npm has does not ask yet: its later cases asked in our words. */
const given = { list: [], number: 1, text: 'a', other: 'b', yes: true, nothing: null }
const OURS: readonly SuiteCase[] = [
  { expression: 'list < number', result: null },
  { expression: 'text < other', result: null },
  { expression: 'yes > number', result: null },
  { expression: 'number >= number', result: true },
  { expression: 'text == other', result: false },
  { expression: 'list[:::]', error: 'syntax' },
  { expression: 'list[::]', result: [] },
  { expression: 'nothing.deeper', result: null },
].map((one) => ({ ...one, file: 'ours', given }))

/** As a filter is kept and applied: parsed when it is set, run on the text of an answer. */
function passes({ expression, given, result, error }: SuiteCase): boolean {
  try {
    parseFilter(expression)
    const got = runFilter(expression, JSON.stringify(given), { maxNodes: 100_000, maxBytes: 1_000_000 })
    return error === undefined && isDeepStrictEqual(JSON.parse(got), result)
  } catch {
    return error !== undefined
  }
}

test('B176 filters do what the compliance suite of JMESPath wants, but for misses that are named', async (context) => {
  const suite = await jmespathSuite()
  if (typeof suite === 'string') {
    console.log(`The compliance suite of JMESPath is not here: ${suite}`)
    return context.skip(suite)
  }
  const cases = [...suite, ...OURS]
  const nameOf = ({ file, expression }: SuiteCase) => `${file}: ${expression}`
  const missed = cases.filter((one) => !passes(one)).map(nameOf)
  const known = missed.filter((name) => Object.hasOwn(MISSES, name))
  const counts = (of: readonly SuiteCase[]) => `${of.filter(passes).length} of ${of.length}`
  console.log(
    `JMESPath: ${counts(suite)} cases of the compliance suite pass, ${counts(OURS)} of our own; known misses:`,
  )
  for (const name of known) console.log(`  ${name} (${MISSES[name]})`)
  expect(missed.filter((name) => !known.includes(name))).toEqual([])
  const stale = cases.map(nameOf).filter((name) => Object.hasOwn(MISSES, name) && !missed.includes(name))
  expect(stale, 'these pass: take them off the list').toEqual([])
})
