import { expect, test } from 'vitest'
import { isNeverCalled } from './is-never-called.ts'

test.each([
  ['169.254.169.254', true],
  ['169.254.169.254:80', true],
  ['169.254.169.254/32', true],
  ['0xa9fea9fe', true],
  ['[fd00:ec2::254]:80', true],
  ['::ffff:169.254.169.254', true],
  ['169.254.0.0/16', false],
  ['10.0.0.1', false],
  ['localhost:3000', false],
])('S2 an allowance of %s is for what is never called: %s', (entry, isNever) =>
  expect(isNeverCalled(entry)).toBe(isNever),
)
