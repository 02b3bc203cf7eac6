import { describe, expect, test } from 'vitest'
import { findInJson } from './find-in-json.ts'
import { locate } from './locate.ts'
import { nearestOffset, wantedPlaces } from './wanted-places.ts'

/** What stands at each place, to the end of its line. */
function found(text: string, ...pointers: string[]) {
  const wanted = wantedPlaces(pointers)
  const isJson = findInJson(text, wanted)
  const places = pointers.map((pointer) => {
    const offset = nearestOffset(wanted, pointer)
    return offset === undefined ? undefined : text.slice(offset).split('\n', 1)[0]
  })
  return { isJson, places }
}

const DOCUMENT = String.raw`{
  "a": {"b/c": [1, {"deep": "]} \" ["},
    "x", [
    ]], "\u00e9": null },
  "empty": {}, "none": [],
  "last": -1.5e3
}`

describe('the places of what is told of a JSON text', () => {
  test('are where members and items begin', () => {
    const places = found(DOCUMENT, '/a', '/a/b~1c', '/a/b~1c/2', '/a/b~1c/3', '/a/\u00e9', '/empty', '/last')
    expect(places).toEqual({
      isJson: true,
      places: [
        String.raw`"a": {"b/c": [1, {"deep": "]} \" ["},`,
        String.raw`"b/c": [1, {"deep": "]} \" ["},`,
        '"x", [',
        '[',
        String.raw`"\u00e9": null },`,
        '"empty": {}, "none": [],',
        '"last": -1.5e3',
      ],
    })
  })

  test('of what is not there is what holds it, and of the whole text there is none', () => {
    const { places } = found(DOCUMENT, '/a/b~1c/1/gone/further', '/gone', '', '/none/0')
    expect(places).toEqual([String.raw`{"deep": "]} \" ["},`, undefined, undefined, '"none": [],'])
  })

  test('of a key that stands twice is the last', () =>
    expect(found('{"a": 1,\n"a": 2}', '/a').places).toEqual(['"a": 2}']))

  test('begin behind a byte order mark', () => expect(found('\uFEFF{"a": 1}', '/a').places).toEqual(['"a": 1}']))

  test.each([
    '{"a": {}, /* } */ "b": 1}',
    '{"a": {/* } */ "x": 1}, "b": 1}',
    '{"a": {"x": 1 # }, "b": 5\\n}, "b": 1}',
    `{"a": {"x": '}'}, "b": 1}`,
    '{"a": 1, "b": 1,}',
    "{'a': 1, 'b': 1}",
    '{a: 1, b: 1}',
    '{"a" 1, "b": 1}',
    '{"a": [1, "b": 1}',
    '{"a": 1',
    '{"a": {"b": 1',
  ])('%s is left to who reads more than JSON', (text) => expect(found(text, '/b').isJson).toBe(false))

  test('are the same where comments or a comma too many have it read otherwise', () => {
    const diagnostics = [{ code: 'x', severity: 'info' as const, pointer: '/a/1', message: '' }]
    const placed = (text: string) => locate(text, diagnostics).map(({ line, column }) => [line, column])
    expect(placed('{\n"a": [{},\n {}]}')).toEqual([[3, 2]])
    expect(placed('{ // {"a"\n"a": [{},\n {}]}')).toEqual([[3, 2]])
    expect(placed('{\n"a": [{},\n {},]}')).toEqual([[3, 2]])
  })
})
