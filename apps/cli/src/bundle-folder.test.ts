import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { readBundleFolder, writeBundleFolder } from './bundle-folder.ts'

const HEAD = { path: 'sluice.yaml', text: 'sluice: 1\nof: workspace\n' }
let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-folder-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

function put(path: string, text = ''): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true })
  writeFileSync(join(folder, path), text)
}

test('what lies beside a bundle is not sent along with it', () => {
  put('sluice.yaml', HEAD.text)
  put('upstreams/orders/spec.json', '{}')
  for (const path of ['package.json', 'service-account.json', '.github/workflows/ci.yml', 'notes/a.yaml']) put(path)
  expect(readBundleFolder(folder).map(({ path }) => path)).toEqual(['sluice.yaml', 'upstreams/orders/spec.json'])
})

test('S23 an answer with a path that no bundle has removes and writes nothing', () => {
  put('sluice.yaml', HEAD.text)
  put('servers/shop/server.yaml')
  for (const path of ['../out.yaml', 'upstreams/../../out.yaml', '/tmp/out.yaml', 'servers/a/prompts/../../b.yaml'])
    expect(() => writeBundleFolder(folder, [HEAD, { path, text: 'x' }])).toThrow(/which no bundle has/)
  expect(existsSync(join(folder, 'servers/shop/server.yaml'))).toBe(true)
})

test.each(['upstreams', 'servers/shop', 'servers/shop/server.yaml', 'sluice.yaml'])(
  'S23 a link at %s is not followed out of the folder, neither to write nor to read',
  (place) => {
    const outside = mkdtempSync(join(tmpdir(), 'sluice-outside-'))
    const isFile = place.endsWith('.yaml')
    const target = isFile ? join(outside, 'kept.yaml') : outside
    writeFileSync(join(outside, 'kept.yaml'), HEAD.text)
    writeFileSync(join(outside, 'upstream.yaml'), 'outside')
    put(place === 'sluice.yaml' ? 'servers/other/server.yaml' : 'sluice.yaml', HEAD.text)
    mkdirSync(dirname(join(folder, place)), { recursive: true })
    symlinkSync(target, join(folder, place))
    const files = [HEAD, { path: 'upstreams/a/tools.yaml', text: 'x' }, { path: 'servers/shop/server.yaml', text: 'x' }]
    expect(() => writeBundleFolder(folder, files)).toThrow(/is a symbolic link.*Remove the link/)
    expect(readdirSync(outside).toSorted()).toEqual(['kept.yaml', 'upstream.yaml'])
    expect(readFileSync(join(outside, 'kept.yaml'), 'utf8')).toBe(HEAD.text)
    if (place === 'sluice.yaml') expect(() => readBundleFolder(folder)).toThrow(/is no bundle/)
    else expect(readBundleFolder(folder).map(({ path }) => path)).toEqual(['sluice.yaml'])
    rmSync(outside, { recursive: true })
  },
)

test('a first export that is cut short leaves no bundle', () => {
  const files = [
    HEAD,
    { path: 'upstreams/shop/tools.yaml', text: 'tools: {}' },
    { path: 'servers/shop/server.yaml', text: 'x' },
  ]
  const fails = {
    ...files[2]!,
    get text(): string {
      throw new Error('no space left')
    },
  }
  expect(() => writeBundleFolder(folder, [...files.slice(0, 2), fails])).toThrow('no space left')
  expect(existsSync(join(folder, 'sluice.yaml'))).toBe(false)
  expect(() => readBundleFolder(folder)).toThrow(/is no bundle/)
})
