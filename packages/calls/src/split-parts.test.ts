import { describe, expect, test } from 'vitest'
import { splitParts } from './split-parts.ts'

const split = (type: string, body: string) =>
  splitParts(type, Buffer.from(body, 'latin1'))?.map(({ headers, body: held }) => [
    Object.fromEntries(headers),
    Buffer.from(held).toString('latin1'),
  ])
const MIXED = 'multipart/mixed; boundary=b'

describe('the parts of a body (RFC 2046 5.1)', () => {
  test.each<[string, string, string, unknown[]]>([
    ['one', MIXED, '--b\r\n\r\nx\r\n--b--\r\n', [[{}, 'x']]],
    ['a preamble and an epilogue', MIXED, 'pre\r\n--b\r\n\r\nx\r\n--b--\r\npost', [[{}, 'x']]],
    [
      'headers',
      MIXED,
      '--b\r\nContent-Type: a/b; c=d\r\nX-Y:  z \r\n\r\nx\r\n--b--',
      [[{ 'content-type': 'a/b; c=d', 'x-y': 'z' }, 'x']],
    ],
    ['lines of their own in a part', MIXED, '--b\r\n\r\nx\r\n\r\ny\r\n\r\n--b--', [[{}, 'x\r\n\r\ny\r\n']]],
    [
      'bare line feeds',
      MIXED,
      '--b\nA: 1\n\nx\n--b\n\ny\n--b--\n',
      [
        [{ a: '1' }, 'x'],
        [{}, 'y'],
      ],
    ],
    ['spaces after a delimiter', MIXED, '--b  \r\n\r\nx\r\n--b--', [[{}, 'x']]],
    ['what looks like a delimiter within a line', MIXED, '--b\r\n\r\nx --b-- y\r\n--b--', [[{}, 'x --b-- y']]],
    ['a quoted boundary', 'multipart/mixed; Boundary="a b"', '--a b\r\n\r\nx\r\n--a b--', [[{}, 'x']]],
    [
      'base64',
      MIXED,
      '--b\r\nContent-Transfer-Encoding: base64\r\n\r\n/wD/\r\n--b--',
      [[{ 'content-transfer-encoding': 'base64' }, '\xff\0\xff']],
    ],
    ['one that is empty', MIXED, '--b\r\n\r\n\r\n--b--', [[{}, '']]],
  ])('%s', (_name, type, body, parts) => {
    expect(split(type, body)).toEqual(parts)
  })

  test.each([
    ['no boundary', 'multipart/mixed', '--b\r\n\r\nx\r\n--b--'],
    ['none that is closed', MIXED, '--b\r\n\r\nx\r\n--b\r\n\r\ny'],
    ['none at all', MIXED, '--b--'],
    ['another boundary', MIXED, '--c\r\n\r\nx\r\n--c--'],
    ['too many', MIXED, `${'--b\r\n\r\nx\r\n'.repeat(101)}--b--`],
  ])('there is nothing to take apart: %s', (_name, type, body) => {
    expect(split(type, body)).toBeUndefined()
  })
})
