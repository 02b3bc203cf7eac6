import { describe, expect, test } from 'vitest'
import { JsonFault, readMessage } from './read-message.ts'

describe('S21 a message has one reading', () => {
  test.each([
    ['{"a":1,"a":2}', 7],
    ['{"x":{"b":1,"c":[{"d":1,"d":2}]}}', 24],
    ['{"a":1,"\\u0061":2}', 7],
    ['{"a" :1, "b":2 , "a"\n:3}', 17],
  ])('%s names a key twice', (text, offset) => {
    expect(() => readMessage(text, 10)).toThrow(JsonFault)
    expect(() => readMessage(text, 10)).toThrow(/stands twice/)
    expect(faultOf(text).offset).toBe(offset)
  })

  test.each(['{"a":1,"b":{"a":1}}', '[{"a":1},{"a":1}]', '{"a":"\\"a\\":1","b":"a"}', '{"a":["a","a"]}'])(
    '%s is fine',
    (text) => expect(readMessage(text, 10)).toEqual(JSON.parse(text)),
  )

  test('nesting past the limit is refused, whatever it holds', () => {
    expect(() => readMessage('[[[1]]]', 3)).not.toThrow()
    expect(() => readMessage('[[[[1]]]]', 3)).toThrow(/deeper than 3 levels/)
    expect(() => readMessage('['.repeat(100_000) + ']'.repeat(100_000), 64)).toThrow(JsonFault)
  })

  test('what is no JSON says where', () => {
    expect(faultOf('{"a":1,}').offset).toBe(7)
    expect(() => readMessage('', 3)).toThrow(JsonFault)
  })
})

function faultOf(text: string): JsonFault {
  try {
    readMessage(text, 10)
  } catch (error) {
    if (error instanceof JsonFault) return error
  }
  throw new Error('it was read')
}
