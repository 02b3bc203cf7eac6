import { describe, expect, test } from 'vitest'
import { fields, notesText, safe, safeLines, table } from './print.ts'

const FORGED = 'x\n2026-01-01 ok shop/get_book'

describe('S63 foreign text', () => {
  const codes = '000a 000d 0009 001b 0085 009b 061c 200e 200f 2028 202a 202e 2066 2069'.split(' ')
  test.each(codes)('within a line U+%s is shown as an escape', (code) => {
    const control = String.fromCharCode(Number.parseInt(code, 16))
    expect(safe(`a${control}b`)).toBe(`a\\u${code}b`)
  })

  test('of several lines keeps them and their layout, and nothing else', () => {
    expect(safeLines('a\n\tb\r\nc')).toBe('a\n\tb\r\nc')
    expect(safeLines('a\rb\u001b[2J\u202ec')).toBe('a\\u000db\\u001b[2J\\u202ec')
  })

  test('that anybody may read is left as it is', () => {
    const text = 'Bücher für 家族 👩‍👩‍👧, کتاب‌ها'
    expect([safe(text), safeLines(text)]).toEqual([text, text])
  })

  test('is one row of a table, as wide as it is shown', () => {
    expect(table([[FORGED, 'end']]).split('\n')).toEqual(['x 2026-01-01 ok shop/get_book  end'])
    expect(
      table([
        ['\u202ex', 'end'],
        ['longer name', 'end'],
      ]),
    ).toBe('\\u202ex      end\nlonger name  end')
    expect(fields({ tool: FORGED })).toBe('tool  x 2026-01-01 ok shop/get_book')
  })

  test('is one note', () => expect(notesText([FORGED])).toBe('Note: x\\u000a2026-01-01 ok shop/get_book'))
})
