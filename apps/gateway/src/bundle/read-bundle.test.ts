import { type BundleTools, Problem } from '@sluice/contract'
import { canonicalJson, parseJson } from '@sluice/schema'
import { expect, onTestFinished, test } from 'vitest'
import { createSpecReader } from '../imports/spec-reader.ts'
import { parseYaml } from './parse-yaml.ts'
import { readBundle } from './read-bundle.ts'

const HEAD = { path: 'sluice.yaml', text: 'sluice: 1\nof: workspace\n' }
const apart = async (files: readonly Uint8Array[]) => files.map(parseYaml)
const faultsOf = async (...files: Array<{ path: string; text: string }>) => {
  try {
    await readBundle([HEAD, ...files], apart)
    return []
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    return error.errors.map(({ pointer, detail }) => [pointer, detail])
  }
}
const upstream = (text: string) => ({ path: 'upstreams/a/upstream.yaml', text })

test('what a person writes differently is the same: defaults, order, names of files', async () => {
  const document = { path: 'upstreams/a/openapi.json', text: '{"openapi":"3.1.0"}' }
  const one = await readBundle(
    [
      HEAD,
      upstream('name: A\nbaseUrl: https://a.test/\nholdChanges: review\nsteps: {}\ndocument: {file: openapi.json}\n'),
      document,
      { path: 'README.md', text: 'Ours.' },
    ],
    apart,
  )
  const other = await readBundle(
    [
      upstream('document: {file: document.json}\nbaseUrl: https://a.test\nname: A\n'),
      { ...document, path: 'upstreams/a/document.json' },
      HEAD,
    ],
    apart,
  )
  const sorted = (values: ReadonlyMap<string, unknown>) => Object.fromEntries([...values].toSorted())
  expect(sorted(one.values)).toEqual(sorted(other.values))
  expect([...one.bytes.keys()]).toEqual(['upstreams/a/document.json'])
})

test('every fault is told at once, with its file and line', async () => {
  const faults = await faultsOf(
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
])('refused: %s', async (_what, text, detail) => {
  expect((await faultsOf(upstream(text))).map(([, told]) => told).join('\n')).toContain(detail)
})

test('S23 aliases that multiply are refused before they are walked', async () => {
  const levels = Array.from(
    { length: 30 },
    (_, n) =>
      `a${n}: &a${n} [${Array(10)
        .fill(n === 0 ? 'x' : `*a${n - 1}`)
        .join(', ')}]`,
  )
  const [[, detail] = []] = await faultsOf({ path: 'secrets.yaml', text: `${levels.join('\n')}\n` })
  expect(detail).toContain('aliases')
})

test('a bundle without its head is none', async () => {
  await expect(readBundle([upstream('name: A\nbaseUrl: https://a.test\n')], apart)).rejects.toThrow('no sluice.yaml')
})

test('S23 aliases of one long text are refused before they are written out, and so is a file that is too large', async () => {
  const long = `a: &a ${'x'.repeat(100_000)}\nb: [${Array(1_000).fill('*a').join(', ')}]\n`
  expect(await faultsOf({ path: 'secrets.yaml', text: long })).toEqual([
    ['secrets.yaml#', expect.stringContaining('aliases')],
  ])
  const large = `#${'x'.repeat(8 * 1024 * 1024)}\nsecrets: {}\n`
  expect(await faultsOf({ path: 'secrets.yaml', text: large })).toEqual([
    ['secrets.yaml#', expect.stringContaining('more than 8 MB')],
  ])
})

test('what is large is parsed apart, and is the same', async () => {
  const tools = Object.fromEntries(
    Array.from({ length: 3_000 }, (_, n) => [
      `get_${n}`,
      { operation: `GET /${n}`, enabled: false, arguments: { id: { value: n } } },
    ]),
  )
  const text = JSON.stringify({ tools }).replace('"value":7}', '"value":12345678901234567890}')
  const files = [HEAD, upstream('name: A\nbaseUrl: https://a.test\n'), { path: 'upstreams/a/tools.yaml', text }]
  const readers = createSpecReader()
  onTestFinished(() => readers.close())
  const asked: number[] = []
  const { values } = await readBundle(files, (all) => {
    asked.push(all.length)
    return readers.parseYaml(all)
  })
  expect(asked).toEqual([3])
  const read = (values.get('upstreams/a/tools.yaml') as BundleTools).tools
  expect(canonicalJson(read)).toBe(canonicalJson((parseJson(text) as BundleTools).tools))
})
