import { parseJsonAsWritten, stringifyJson } from '@sluice/schema'
import { describe, expect, test } from 'vitest'
import { shapeJson, unshapeJson } from './shape-json.ts'

const rows = (count: number) => Array.from({ length: count }, (_, n) => ({ id: n, name: `n${n}`, tags: [n] }))

describe('a list of like objects becomes a table', () => {
  test.each<[string, unknown, unknown]>([
    [
      'at the root',
      rows(3),
      {
        columns: ['id', 'name', 'tags'],
        rows: [
          [0, 'n0', [0]],
          [1, 'n1', [1]],
          [2, 'n2', [2]],
        ],
      },
    ],
    ['inside', { a: { b: rows(3) } }, { a: { b: shapeJson(rows(3)) } }],
    [
      'in another table',
      Array.from({ length: 5 }, () => ({ x: 1, list: rows(4) })),
      { columns: ['x', 'list'], rows: Array.from({ length: 5 }, () => [1, shapeJson(rows(4))]) },
    ],
    ['not where there are two', rows(2), rows(2)],
    ['not where one has other keys', [...rows(3), { id: 1 }], [...rows(3), { id: 1 }]],
    ['not where one is no object', [...rows(3), null], [...rows(3), null]],
    ['not where nothing is saved', [{ a: 1 }, { a: 2 }, { a: 3 }], [{ a: 1 }, { a: 2 }, { a: 3 }]],
    [
      'not beside such an object of its own',
      { t: { columns: [], rows: [] }, l: rows(9) },
      { t: { columns: [], rows: [] }, l: rows(9) },
    ],
  ])('%s', (_name, value, want) => {
    const shaped = shapeJson(value)
    expect(JSON.parse(stringifyJson(shaped))).toEqual(want)
    if (shaped !== value) expect(stringifyJson(unshapeJson(shaped))).toBe(stringifyJson(value))
    expect(stringifyJson(shaped).length).toBeLessThanOrEqual(stringifyJson(value).length)
  })

  test('B143 numbers stay as they were written', () => {
    const text = `[${Array.from({ length: 20 }, (_, n) => `{"id":1234567890123456789${n},"price":${n}.50,"zero":-0,"much":1e400}`).join(',')}]`
    const shaped = shapeJson(parseJsonAsWritten(text))
    expect(stringifyJson(shaped)).toContain('[12345678901234567890,0.50,-0,1e400]')
    expect(stringifyJson(unshapeJson(shaped))).toBe(text)
  })

  test('a value nested as deep as it may be is left as it is, or shaped, and never breaks', () => {
    const deep = JSON.parse(`${'['.repeat(20_000)}${']'.repeat(20_000)}`)
    expect(() => shapeJson(deep)).not.toThrow()
    expect(shapeJson(JSON.parse('[{"__proto__":1,"b":2},{"__proto__":1,"b":2},{"__proto__":1,"b":2}]'))).toEqual({
      columns: ['__proto__', 'b'],
      rows: [
        [1, 2],
        [1, 2],
        [1, 2],
      ],
    })
  })
})
