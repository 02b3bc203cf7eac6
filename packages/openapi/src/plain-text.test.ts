import { CallFailure } from '@sluice/contract'
import { exactNumber } from '@sluice/schema'
import { expect, test } from 'vitest'
import { plainText } from './plain-text.ts'

test.each<[unknown, string]>([
  [1e21, '1000000000000000000000'],
  [-1.5e-7, '-0.00000015'],
  [1.25e25, '12500000000000000000000000'],
  [1e-320, `0.${'0'.repeat(319)}1`],
  [5e-324, `0.${'0'.repeat(323)}5`],
  [exactNumber('1e400'), `1${'0'.repeat(400)}`],
  [exactNumber('-12.50E-1'), '-1.25'],
  [exactNumber('1.20e1'), '12'],
  [exactNumber('0e999'), '0'],
  [exactNumber('12345678901234567890.10'), '12345678901234567890.10'],
  [1.5, '1.5'],
  [true, 'true'],
])('B91 B23 %s is written %s', (value, text) => expect(plainText(value)).toBe(text))

test('B23 a number that would be endless is refused', () => {
  expect(() => plainText(exactNumber('1e999999999'))).toThrow(CallFailure)
})
