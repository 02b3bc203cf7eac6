import { Problem } from '@sluice/contract'
import { expect, test } from 'vitest'
import { readBundle } from './read-bundle.ts'

const HEAD = { path: 'sluice.yaml', text: 'sluice: 1\nof: workspace\n' }
const faultsOf = (...files: Array<{ path: string; text: string }>) => {
  try {
    readBundle([HEAD, ...files])
    return []
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    return error.errors.map(({ pointer, detail }) => [pointer, detail])
  }
}
const upstream = (text: string) => ({ path: 'upstreams/a/upstream.yaml', text })

test('what a person writes differently is the same: defaults, order, names of files', () => {
  const document = { path: 'upstreams/a/openapi.json', text: '{"openapi":"3.1.0"}' }
  const one = readBundle([
    HEAD,
    upstream('name: A\nbaseUrl: https://a.test/\nholdChanges: review\nsteps: {}\ndocument: {file: openapi.json}\n'),
    document,
    { path: 'README.md', text: 'Ours.' },
  ])
  const other = readBundle([
    upstream('document: {file: document.json}\nbaseUrl: https://a.test\nname: A\n'),
    { ...document, path: 'upstreams/a/document.json' },
    HEAD,
  ])
  const sorted = (values: ReadonlyMap<string, unknown>) => Object.fromEntries([...values].toSorted())
  expect(sorted(one.values)).toEqual(sorted(other.values))
  expect([...one.bytes.keys()]).toEqual(['upstreams/a/document.json'])
})

test('every fault is told at once, with its file and line', () => {
  const faults = faultsOf(
    upstream('name: A\nbaseUrl: https://a.test\nhold: all\n'),
    { path: 'upstreams/a/tools.yaml', text: 'tools:\n  x:\n    operation: GET /x\n    enabled: maybe\n' },
    { path: 'servers/s/prompts/p.yaml', text: 'messages: []\n' },
    { path: 'servers/s/prompt/p.yaml', text: 'a: 1\n' },
  )
  expect(faults.map(([pointer]) => pointer)).toEqual(
    expect.arrayContaining([
      'upstreams/a/upstream.yaml#/hold',
      'upstreams/a/tools.yaml#/tools/x/enabled',
      'servers/s/prompts/p.yaml#/messages',
      'servers/s/prompt/p.yaml#',
    ]),
  )
  expect(faults.map(([, detail]) => detail).join('\n')).toContain('upstreams/a/tools.yaml:4: ')
})

test.each([
  ['no YAML', 'name: [', 'is not YAML'],
  ['a key twice', 'name: A\nname: B\nbaseUrl: https://a.test\n', 'stands twice'],
  ['a document that is not there', 'name: A\nbaseUrl: https://a.test\ndocument: {file: x.json}\n', 'There is no file'],
  ['a file outside', 'name: A\nbaseUrl: https://a.test\ndocument: {file: ../../x.json}\n', 'document.file'],
])('refused: %s', (_what, text, detail) => {
  expect(
    faultsOf(upstream(text))
      .map(([, told]) => told)
      .join('\n'),
  ).toContain(detail)
})

test('S23 aliases that multiply are refused before they are walked', () => {
  const levels = Array.from(
    { length: 30 },
    (_, n) =>
      `a${n}: &a${n} [${Array(10)
        .fill(n === 0 ? 'x' : `*a${n - 1}`)
        .join(', ')}]`,
  )
  const [[, detail] = []] = faultsOf({ path: 'secrets.yaml', text: `${levels.join('\n')}\n` })
  expect(detail).toContain('aliases')
})

test('a bundle without its head is none', () => {
  expect(() => readBundle([upstream('name: A\nbaseUrl: https://a.test\n')])).toThrow('no sluice.yaml')
})
