import type { CatalogUpstream } from '@sluice/contract'
import { importSpec } from '@sluice/openapi'
import { checkSchema, parseJson } from '@sluice/schema'
import type { CatalogRows, CatalogToolRow } from '@sluice/store'
import { expect, test } from 'vitest'
import { buildCatalog, toTool } from './build-catalog.ts'
import { untouchedTool } from './untouched-tool.ts'

test.each([
  ['9007199254740993', true],
  ['9007199254740992', false],
])('B56 a stored list of allowed values keeps its digits: %s', (value, fits) => {
  const parameters = '[{"name":"id","in":"query","schema":{"type":"integer","enum":[9007199254740993]}}]'
  const text = `{"openapi":"3.1.0","info":{},"paths":{"/x":{"get":{"parameters":${parameters}}}}}`
  const { definition } = importSpec({ text }, { countTokens: () => 1 }).operations[0]!
  const row = { definition, argumentEdits: {}, title: null, description: null, responseFilter: null, tags: [] }
  const { inputSchema } = toTool(row as unknown as CatalogToolRow, {} as CatalogUpstream, new Map())
  expect(checkSchema(inputSchema, parseJson(`{"id":${value}}`))).toHaveLength(fits ? 0 : 1)
})

test.each([
  ['a', 'a', ['a', undefined, undefined]],
  ['a', 'b', [undefined, 'a', 'b']],
  ['a', undefined, [undefined, 'a', undefined]],
  [undefined, undefined, [undefined, undefined, undefined]],
])('B173 an icon that all tools have is their server’s, told once: %s and %s', (first, second, icons) => {
  const operation = (icon: string | undefined) => ({ get: icon ? { 'x-mcp': { icon: `https://x.test/${icon}` } } : {} })
  const text = JSON.stringify({
    openapi: '3.1.0',
    info: {},
    paths: { '/a': operation(first), '/b': operation(second) },
  })
  const { operations } = importSpec({ text }, { countTokens: () => 1 })
  const upstream = { id: 'u', baseUrl: 'https://api.test' } as CatalogUpstream
  const tools = operations.map((derived) => untouchedTool(derived.name, 'u', derived))
  const rows = {
    server: { id: 's' },
    upstreams: [upstream],
    tools,
    secrets: new Map(),
    composites: [],
    resources: [],
    prompts: [],
  }
  const { server, tools: shown } = buildCatalog(rows as unknown as CatalogRows)
  expect([server.icon, ...shown.map(({ icon }) => icon)]).toEqual(icons.map((icon) => icon && `https://x.test/${icon}`))
})
