import { expect, test } from 'vitest'
import { csvLine } from './csv-line.ts'

test.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', '\n=1', '＝1'])('S63 %j is no formula', (text) => {
  expect(csvLine([text])).toMatch(/^"?'/)
})

test('a number is a number, and nothing is nothing', () => expect(csvLine([-5, 1.5, null, 'a'])).toBe('-5,1.5,,a\r\n'))

test('what would end a cell or a line is quoted', () =>
  expect(csvLine(['a,b', 'a"b', 'a\nb'])).toBe('"a,b","a""b","a\nb"\r\n'))
