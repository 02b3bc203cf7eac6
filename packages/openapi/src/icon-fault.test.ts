import { describe, expect, test } from 'vitest'
import { iconFault } from './icon-fault.ts'
import { definitions, openapi, read } from './testing/read-one.ts'

const PNG = 'data:image/png;base64,iVBORw0KGgo='

test.each([
  ['https://api.test/logo.png', undefined],
  ['https://api.test/logo', undefined],
  [PNG, undefined],
  ['http://api.test/logo.png', 'no https URL'],
  ['javascript:alert(1)', 'no https URL'],
  ['//api.test/logo.png', 'no https URL'],
  ['https://ada:pw@api.test/logo.png', 'a user name'],
  ['https://api.test/logo.svg?v=1', 'no PNG'],
  [`https://api.test/${'a'.repeat(500)}`, 'longer than 500'],
  ['data:image/svg+xml;base64,PHN2Zz4=', 'no PNG'],
  ['data:text/html;base64,PHN2Zz4=', 'no PNG'],
  ['data:image/png,<script>', 'no PNG'],
  [`data:image/png;base64,${'A'.repeat(4_000)}`, 'longer than 4000'],
])('B173 %s as an icon: %s', (url, fault) => {
  if (fault === undefined) expect(iconFault(url)).toBeUndefined()
  else expect(iconFault(url)).toContain(fault)
})

describe('B173 the icon of a tool', () => {
  const logo = (url: string) => ({ info: { title: 'T', version: '1', 'x-logo': { url } } })

  test('is its own, else its path’s, else the document’s, else the logo of the API', () => {
    const paths = {
      '/own': { 'x-mcp': { icon: 'https://x.test/path' }, get: { 'x-mcp': { icon: 'https://x.test/own' } } },
      '/path': { 'x-mcp': { icon: 'https://x.test/path' }, get: {} },
      '/none': { get: {} },
    }
    const iconsOf = (more: object) => definitions(read(openapi(paths, more))).map(({ icon }) => icon)
    const own = ['https://x.test/own', 'https://x.test/path']
    expect(iconsOf({ ...logo(PNG), 'x-mcp': { icon: 'https://x.test/root' } })).toEqual([...own, 'https://x.test/root'])
    expect(iconsOf(logo(PNG))).toEqual([...own, PNG])
    expect(iconsOf({})).toEqual([...own, undefined])
  })

  test('that could do harm, or is large, is left out and said once; what it stands before takes its place', () => {
    const paths = { '/a': { get: { 'x-mcp': { icon: 'http://x.test/i.png' } } }, '/b': { get: {} } }
    const spec = read(openapi(paths, { ...logo(PNG), 'x-mcp': { icon: 'https://x.test/i.svg' } }))
    expect(definitions(spec).map(({ icon }) => icon)).toEqual([PNG, PNG])
    expect(spec.diagnostics.filter(({ code }) => code === 'icon-unsafe')).toMatchObject([
      { pointer: '/x-mcp/icon', message: expect.stringContaining('no PNG') },
      { pointer: '/paths/~1a/get/x-mcp/icon', message: expect.stringContaining('no https') },
    ])
  })
})
