import ipaddr from 'ipaddr.js'
import { expect, test } from 'vitest'
import { parseAllowList } from './allow-list.ts'

test.each([
  ['localhost', 'localhost', 80, true],
  ['localhost', 'LOCALHOST', 80, true],
  ['localhost', 'localhost.', 80, true],
  ['Localhost.', 'localhost', 80, true],
  ['localhost:3000', 'localhost', 3000, true],
  ['localhost:3000', 'localhost', 3001, false],
  ['internal', 'api.internal', 80, false],
  ['api.internal', 'internal', 80, false],
  ['bücher.internal', 'xn--bcher-kva.internal', 80, true],
])('the entry %s and the host %s:%i: %s', (entry, host, port, want) => {
  expect(parseAllowList([entry]).allowsHost(host, port)).toBe(want)
})

test.each([
  ['10.0.0.0/8', '10.1.2.3', 80, true],
  ['10.0.0.0/8', '11.1.2.3', 80, false],
  ['10.0.0.5', '10.0.0.5', 80, true],
  ['10.0.0.5', '10.0.0.6', 80, false],
  ['10.0.0.5:8080', '10.0.0.5', 8080, true],
  ['10.0.0.5:8080', '10.0.0.5', 80, false],
  ['0x7f.1', '127.0.0.1', 80, true],
  ['fd00::1', 'fd00::1', 80, true],
  ['[fd00::1]', 'fd00::1', 80, true],
  ['[fd00::1]:8080', 'fd00::1', 8080, true],
  ['[fd00::1]:8080', 'fd00::1', 80, false],
  ['fd00::/8', 'fdab::1', 80, true],
  ['fd00::/8', 'fe80::1', 80, false],
  ['0.0.0.0/0', 'fd00::1', 80, false],
  ['::/0', '10.0.0.1', 80, false],
  ['::ffff:10.0.0.5', '10.0.0.5', 80, true],
])('the entry %s and the address %s:%i: %s', (entry, address, port, want) => {
  expect(parseAllowList([entry]).allowsAddress(ipaddr.parse(address), port)).toBe(want)
})

test('an empty list allows nothing', () => {
  const list = parseAllowList([])
  expect(list.allowsHost('localhost', 80)).toBe(false)
  expect(list.allowsAddress(ipaddr.parse('127.0.0.1'), 80)).toBe(false)
})

test.each([
  '',
  ' ',
  'http://localhost',
  'localhost/',
  'a b',
  'user@host',
  '*.internal',
  'host:',
  'host:99999',
  '10.0.0.0/33',
  '10.0/8',
  '1.2.3.4.5',
  'fd00::/129',
  '[localhost]:80',
])('an entry that cannot be read is named: "%s"', (entry) => {
  expect(() => parseAllowList(['localhost', entry])).toThrow(`"${entry}" is not a host`)
})

test.each([
  ['10.0.0.0/8', '10.1.0.0/16', true],
  ['10.0.0.0/8', '10.0.0.0/8', true],
  ['10.1.0.0/16', '10.0.0.0/8', false],
  ['10.1.0.0/16', '10.1.2.3', true],
  ['10.1.0.0/16', '10.1.2.3:80', true],
  ['10.1.2.3:80', '10.1.2.3:80', true],
  ['10.1.2.3:80', '10.1.2.3', false],
  ['10.1.2.3:80', '10.1.2.3:81', false],
  ['0.0.0.0/0', '127.1', true],
  ['127.0.0.1', '0x7f000001', true],
  ['127.0.0.1', '[::ffff:127.0.0.1]:80', true],
  ['0.0.0.0/0', '::1', false],
  ['::/0', 'fd00::1', true],
  ['localhost', 'LOCALHOST.:3000', true],
  ['localhost:3000', 'localhost', false],
  ['localhost', 'other', false],
  // A name leads wherever somebody says.
  ['127.0.0.0/8', 'localhost', false],
  ['localhost', '127.0.0.1', false],
])('S1 the entry %s covers the entry %s: %s', (entry, other, want) => {
  expect(parseAllowList(['192.0.2.1', entry]).covers(other)).toBe(want)
})
