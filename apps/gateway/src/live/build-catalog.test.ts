import type { CatalogUpstream } from '@sluice/contract'
import { importSpec } from '@sluice/openapi'
import { checkSchema, parseJson } from '@sluice/schema'
import type { CatalogToolRow } from '@sluice/store'
import { expect, test } from 'vitest'
import { toTool } from './build-catalog.ts'

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
