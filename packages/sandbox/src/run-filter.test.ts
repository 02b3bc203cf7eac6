import { expect, test } from 'vitest'
import { FilterFailure } from './filter-failure.ts'
import { runFilter } from './run-filter.ts'

const roomy = { maxNodes: 100_000, maxBytes: 1_000_000 }
const run = (expression: string, body: string) => runFilter(expression, body, roomy)

const people = JSON.stringify({
  people: [
    { name: 'Ada', age: 36, tags: ['a', 'b'], boss: null },
    { name: 'Bob', age: 25, tags: [], boss: { name: 'Ada' } },
    { name: 'Cy', age: 41, tags: ['c'] },
  ],
  total: 3,
})

test.each([
  ['total', '3'],
  ['missing', 'null'],
  ['people[0].name', '"Ada"'],
  ['people[-1].name', '"Cy"'],
  ['people[9]', 'null'],
  ['people[*].name', '["Ada","Bob","Cy"]'],
  ['people[:2].age', '[36,25]'],
  ['people[::-1].name', '["Cy","Bob","Ada"]'],
  ['people[].tags[]', '["a","b","c"]'],
  ['people[*].boss.name', '["Ada"]'],
  ["people[?name == 'Bob'].age | [0]", '25'],
  ['people[?age > `30`].name', '["Ada","Cy"]'],
  ['people[?boss].name', '["Bob"]'],
  ['people[?!tags].name', '["Bob"]'],
  ['people[*].{n: name, a: age}', '[{"n":"Ada","a":36},{"n":"Bob","a":25},{"n":"Cy","a":41}]'],
  ['people[0].[name, missing]', '["Ada",null]'],
  ['sort_by(people, &age)[*].name', '["Bob","Ada","Cy"]'],
  ['max_by(people, &age).name', '"Cy"'],
  ['length(people)', '3'],
  ["join(', ', people[*].name)", '"Ada, Bob, Cy"'],
  ['keys(@)', '["people","total"]'],
  ['people[0].boss || `"none"`', '"none"'],
  ['to_string(people[1].boss)', '"{\\"name\\":\\"Ada\\"}"'],
  ['@ | total', '3'],
])('%s selects %s', (expression, want) => {
  expect(run(expression, people)).toBe(want)
})

test.each([
  ['constructor', 'null'],
  ['toString', 'null'],
  ['__proto__', 'null'],
  ['a.__proto__', 'null'],
  ['__proto__.constructor', 'null'],
  ['{a: constructor, b: toString, c: a.__proto__, d: [valueOf]}', '{"a":null,"b":null,"c":null,"d":[null]}'],
  ['[__proto__, hasOwnProperty]', '[null,null]'],
])('S70 what objects inherit are missing fields: %s', (expression, want) => {
  expect(run(expression, '{"a": {}}')).toBe(want)
})

test('fields of the body that have such names are fields like any other', () => {
  const body = '{"constructor": "Ferrari", "__proto__": 1, "toString": [2]}'
  expect(run('[constructor, __proto__, toString]', body)).toBe('["Ferrari",1,[2]]')
})

test('S70 no filter reaches the prototypes of the process', () => {
  run('merge(@, {"__proto__": {"polluted": `true`}}).{"__proto__": @}', '{"__proto__": {"polluted": true}}')
  expect('polluted' in {}).toBe(false)
})

test.each([
  ['id', '12345678901234567890'],
  ['[*].id', 'null'],
  ['list[0]', '9007199254740993'],
  ['{x: id, y: list}', '{"x":12345678901234567890,"y":[9007199254740993,1,9007199254740993]}'],
  ['type(id)', '"number"'],
  ['to_string(id)', '"12345678901234567890"'],
  ['id > `5`', 'true'],
  ['id.*', 'null'],
  ['id.rawJSON', 'null'],
  ['list[0] == list[2]', 'true'],
  ['contains(list, list[2])', 'true'],
  ['list[0] == id', 'false'],
  ['list[?@ > `1`]', '[9007199254740993,9007199254740993]'],
  ['!id', 'false'],
  ['max_by([{n: list[0]}, {n: id}], &n)', '{"n":12345678901234567890}'],
  ['sum(list)', String(2 * 9007199254740992 + 1)],
])('a number of many digits is an exact number to %s', (expression, want) => {
  expect(run(expression, '{"id": 12345678901234567890, "list": [9007199254740993, 1, 9007199254740993]}')).toBe(want)
})

test('S26 an output that doubles with every step is stopped while it is counted', () => {
  const bomb = '[@,@]|'.repeat(300)
  expect(() => run(`${bomb}@`, '[1]')).toThrow(new FilterFailure('selects more than 100000 values'))
})

test('values are counted as often as they are written', () => {
  const budget = { maxNodes: 7, maxBytes: 1_000 }
  expect(runFilter('[@,@]', '[1,2]', budget)).toBe('[[1,2],[1,2]]')
  expect(() => runFilter('[@,@]', '[1,2]', { ...budget, maxNodes: 6 })).toThrow('selects more than 6 values')
})

test('an exact number is one value', () => {
  expect(runFilter('@', '[12345678901234567890]', { maxNodes: 2, maxBytes: 100 })).toBe('[12345678901234567890]')
})

test.each([
  ['@', '"äöü"', 8],
  ['@', '{"ab":[1,"c"]}', 14],
  ['@', '"\\u0000\\u0001"', 14],
  ['@', '[12345678901234567890]', 22],
])('the bytes of the output are counted as they are written: %s of %s', (expression, body, bytes) => {
  expect(runFilter(expression, body, { maxNodes: 100, maxBytes: bytes })).toBe(body)
  expect(() => runFilter(expression, body, { maxNodes: 100, maxBytes: bytes - 1 })).toThrow(
    `selects more than ${bytes - 1} bytes`,
  )
})

test('a big text repeated is stopped before it is encoded: its JSON would be longer than a string can be', () => {
  const body = JSON.stringify('x'.repeat(10_000))
  const repeated = `${'[@,@,@,@]|'.repeat(9)}@`
  expect(() => runFilter(repeated, body, { maxNodes: 1_000_000, maxBytes: 1_000_000 })).toThrow(
    'selects more than 1000000 bytes',
  )
})

test('a function that does not fit the body says so', () => {
  expect(() => run('abs(name)', '{"name": "x"}')).toThrow('failed: abs() takes a number, not a string')
})

test.each([
  ['sort(numbers)', '[-1,2,9,10]'],
  ['max(numbers)', '10'],
  ['min(numbers)', '-1'],
  ['sort(texts)', '["B","a","b"]'],
  ['max(texts)', '"b"'],
  ['max_by(items, &name).id', '2'],
  ['min_by(items, &name).id', '1'],
  ['max_by(items, &size).id', '1'],
  ['sort_by(items, &size)[].id', '[3,1,2]'],
  ['max_by(`[]`, &size)', 'null'],
  ['sort(`[]`)', '[]'],
  ['length(face)', '1'],
  ['reverse(face)', '"😀"'],
  ['merge(`{"__proto__": 1}`, `{"a": 2}`)', '{"__proto__":1,"a":2}'],
])('B176 functions order and count as JMESPath has it: %s', (expression, want) => {
  const items = [
    { id: 1, name: 'a', size: 9 },
    { id: 2, name: 'b', size: 9 },
    { id: 3, name: 'aa', size: 2 },
  ]
  const body = { numbers: [10, 9, 2, -1], texts: ['b', 'a', 'B'], items, face: '😀' }
  expect(run(expression, JSON.stringify(body))).toBe(want)
})

test.each([
  ['sort(items)', 'sort() takes an array of numbers or an array of strings, not an array of others'],
  ['max_by(items, &name)', 'max_by() orders by numbers or by strings, and its expression gives numbers and strings'],
  ['sort_by(items, &gone)', 'sort_by() orders by numbers or by strings, and its expression gives null'],
  ['sort_by(items, name)', 'sort_by() takes an expression such as `&name` as argument 2, not null'],
  ['contains(items)', 'contains() takes 2 arguments, and is given 1'],
  ['not_null()', undefined],
  ['items[::0]', 'a slice cannot have a step of 0'],
])('B176 %s is told', (expression, said) => {
  const body = JSON.stringify({ items: [{ name: 'a' }, { name: 1 }] })
  expect(() => run(expression, body)).toThrow(said === undefined ? /./ : `failed: ${said}`)
})

test('B176 a literal that is no JSON is a text, whatever digits are in it', () => {
  const id = '550e8400-e29b-41d4-a716-446655440000'
  expect(run(`l[?id == \`${id}\`]`, JSON.stringify({ l: [{ id }] }))).toBe(`[{"id":"${id}"}]`)
  expect(run('[`a1234567890123456`, `9007199254740993`, `"\uFFFFliteral5"`]', '1')).toBe(
    '["a1234567890123456",9007199254740993,"\uFFFFliteral5"]',
  )
})

test('S26 a number of many zeros is compared like any other', () => {
  const zeros = '0'.repeat(60_000)
  expect(run('[n > `5`, n == m, n < m]', `{"n":1${zeros}1,"m":1${zeros}2}`)).toBe('[true,false,true]')
})

test.each([
  ['l[?id == `12345678901234567890`].n', '["x"]'],
  ['l[?id != `12345678901234567890`].n', '["y"]'],
  ['contains(l[].id, `12345678901234567890`)', 'true'],
  ['l[0].id == `12345678901234567891`', 'false'],
  ['l[0].id > `12345678901234567889`', 'true'],
  ['l[0].id >= `1.2345678901234567890e19`', 'true'],
  ['l[0].id < `123456789012345678900`', 'true'],
  ['`-9007199254740993` < `-9007199254740992`', 'true'],
  ['`0.00000000000000000001` > `0.000000000000000000001`', 'true'],
  ['`[9007199254740993, {"a": "9007199254740993"}]`', '[9007199254740993,{"a":"9007199254740993"}]'],
  ['l[?n == `"9007199254740993"`]', '[]'],
  ['max(l[].id)', '12345678901234567890'],
  ['min(l[].id)', '1'],
  ['sort(l[].id)', '[1,12345678901234567890]'],
  ['abs(`-12345678901234567890`)', '12345678901234567890'],
  ['floor(l[0].id)', '12345678901234567890'],
  ['to_number(`"12345678901234567890"`)', '12345678901234567890'],
])('B143, B176 a literal keeps its digits too: %s', (expression, want) => {
  expect(run(expression, '{"l": [{"id": 12345678901234567890, "n": "x"}, {"id": 1, "n": "y"}]}')).toBe(want)
})

test('what goes deeper than the stack fails like anything else', () => {
  expect(() => run('[@]', `${'['.repeat(100_000)}${']'.repeat(100_000)}`)).toThrow(FilterFailure)
})

test('a body that is not JSON is not quoted', () => {
  expect(() => run('@', 'secret')).toThrow(/^is for JSON, and the answer is not JSON$/)
})
