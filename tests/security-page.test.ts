import { readdirSync, readFileSync } from 'node:fs'
import { join, matchesGlob } from 'node:path'
import { expect, test } from 'vitest'
import { ROOT } from './support/spawned.ts'

// SECURITY.md names the tests of what it promises: they are there, and say in their names what they prove.

const FILES = ['packages', 'apps', 'tests'].flatMap((folder) =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.test.ts') && !name.includes('node_modules'))
    .map((name) => `${folder}/${name}`),
)
const PAGE = readFileSync(join(ROOT, 'SECURITY.md'), 'utf8')

/** A row of a table: what its tests are to name, such as `S12` or `promise 3`, and the tests, by their names in the row. */
interface Row {
  readonly numbers: readonly string[]
  readonly named: readonly string[]
}

const ROWS: Row[] = PAGE.split('\n')
  .filter((line) => line.startsWith('| '))
  .map((line) => line.split('|').slice(1, -1))
  .map((cells) => ({
    numbers: numbersIn(cells[0]!),
    named: [...cells.at(-1)!.matchAll(/`([\w./*-]+\.test\.ts)`/g)].map(([, name]) => name!),
  }))
  .filter(({ named }) => named.length > 0)

test('each test that SECURITY.md names is there, and is one file', () => {
  const counts = ROWS.flatMap(({ named }) => named).map((name) => [name, filesOf(name).length] as const)
  expect(counts.length).toBeGreaterThan(50)
  expect(counts.filter(([name, count]) => (name.includes('*') ? count === 0 : count !== 1))).toEqual([])
})

test('each of them says in the name of a test which of its row’s numbers it proves', () => {
  const silent = ROWS.filter(({ numbers }) => numbers.length > 0).flatMap(({ numbers, named }) =>
    named.filter((name) => !numbers.some((number) => citedIn(name).has(number))).map((name) => `${numbers}: ${name}`),
  )
  expect(silent).toEqual([])
})

test('each number of a row is proved by one of its tests', () => {
  const unproved = ROWS.flatMap(({ numbers, named }) =>
    numbers.filter((number) => !named.some((name) => citedIn(name).has(number))),
  )
  expect(unproved).toEqual([])
})

function filesOf(name: string): string[] {
  return FILES.filter((file) => (name.includes('*') ? matchesGlob(file, name) : `/${file}`.endsWith(`/${name}`)))
}

/** What the tests of a file, or of all that fit a pattern, say they prove; comments prove nothing. */
function citedIn(name: string): Set<string> {
  const lines = filesOf(name).flatMap((file) => readFileSync(join(ROOT, file), 'utf8').split('\n'))
  return new Set(numbersIn(lines.filter((line) => !/^\s*(?:\/\/|\/?\*)/.test(line)).join('\n')))
}

/** `S1–S6` and `B130 to B133` are all between them; a promise has its number at the head of its row, or after the word. */
function numbersIn(text: string): string[] {
  const ranges = [...text.matchAll(/\b([SB])(\d+)(?:(?:–| to )\1(\d+))?/g)].flatMap(([, letter, from, to = from]) =>
    Array.from({ length: Number(to) - Number(from) + 1 }, (_, n) => `${letter}${Number(from) + n}`),
  )
  const promises = [...text.matchAll(/(?:^ |\bpromise )(\d+)\b/g)].map(([, number]) => `promise ${number}`)
  return [...ranges, ...promises]
}
