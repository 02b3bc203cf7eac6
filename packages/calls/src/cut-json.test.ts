import { describe, expect, test } from 'vitest'
import { cutJson, type Missing } from './cut-json.ts'

const bytes = (value: unknown) => Buffer.byteLength(JSON.stringify(value))
const list = (count: number, item: unknown = 'x'.repeat(20)) => Array(count).fill(item)

describe('B139 a large answer is cut between its values', () => {
  test.each<[string, unknown, number, Missing[]]>([
    ['nothing where it fits', { a: list(3) }, 1000, []],
    ['the end of a list', list(100), 250, [{ path: '', shown: 10, total: 100, unit: 'items' }]],
    ['of a list inside', { a: { b: list(100) }, c: 1 }, 270, [{ path: 'a.b', shown: 10, total: 100, unit: 'items' }]],
    [
      'of the large member, not of the small ones',
      { big: list(100), small: list(2), tiny: 1 },
      300,
      [{ path: 'big', shown: 9, total: 100, unit: 'items' }],
    ],
    ['the end of a text', { t: 'ü'.repeat(500) }, 110, [{ path: 't', shown: 49, total: 500, unit: 'characters' }]],
    [
      'a part of the only item',
      [{ t: 'x'.repeat(500) }],
      100,
      [
        { path: '[0].t', shown: 86, total: 500, unit: 'characters' },
        { path: '', shown: 1, total: 1, unit: 'items' },
      ],
    ],
  ])('%s', (_name, value, budget, missing) => {
    const cut = cutJson(value, budget)
    expect(cut.missing).toEqual(missing)
    expect(bytes(cut.value)).toBeLessThanOrEqual(budget)
    if (missing.length > 0) expect(bytes(cut.value)).toBeGreaterThan(budget * 0.7)
  })

  test('a table is the list that it stands for, and what only looks like one is an object', () => {
    const table = { columns: ['n', 'text'], rows: Array.from({ length: 100 }, (_, n) => [n, 'x'.repeat(20)]) }
    const asTable = cutJson({ list: table }, 400, { isShaped: true })
    expect(asTable.missing).toEqual([{ path: 'list', shown: 12, total: 100, unit: 'items' }])
    expect(cutJson({ list: table }, 400).missing).toMatchObject([{ path: 'list.rows' }])
    const wide = {
      columns: ['n', 'text'],
      rows: [
        [1, 'x'.repeat(900)],
        [2, 'y'],
        [3, 'z'],
      ],
    }
    const part = cutJson(wide, 400, { isShaped: true })
    expect(part.missing).toEqual([
      { path: '[0].text', shown: expect.any(Number), total: 900, unit: 'characters' },
      { path: '', shown: 1, total: 3, unit: 'items' },
    ])
    expect(bytes(part.value)).toBeLessThanOrEqual(400)
  })

  test('of too many members the smallest are kept, in their order', () => {
    const value = Object.fromEntries(Array.from({ length: 100 }, (_, n) => [`k${n}`, 'v'.repeat(n % 2 ? 5 : 200)]))
    const cut = cutJson(value, 600)
    expect(bytes(cut.value)).toBeLessThanOrEqual(600)
    expect(Object.keys(cut.value as object).slice(0, 2)).toEqual(['k1', 'k3'])
    expect(cut.missing.at(-1)).toMatchObject({ unit: 'fields', total: 100 })
  })

  test('whatever the value, what comes out is JSON of that size', () => {
    let seed = 7
    const random = (most: number) => {
      seed = (seed * 1103515245 + 12345) % 2 ** 31
      return seed % most
    }
    const make = (depth: number): unknown => {
      const kind = random(depth > 5 ? 3 : 5)
      if (kind === 0) return 'é"\\'.repeat(random(80))
      if (kind === 1) return random(1e9)
      if (kind === 2) return null
      if (kind === 3) return Array.from({ length: random(30) }, () => make(depth + 1))
      return Object.fromEntries(
        Array.from({ length: random(12) }, (_, n) => [`${'é名'.repeat(n)}${n}`, make(depth + 1)]),
      )
    }
    for (let n = 0; n < 300; n++) {
      const value = [make(0), make(1)]
      const budget = 100 + random(3000)
      expect(bytes(cutJson(value, budget).value)).toBeLessThanOrEqual(budget)
    }
  })
})
