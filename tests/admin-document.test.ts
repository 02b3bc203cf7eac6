import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createConfig, lintFromString } from '@redocly/openapi-core'
import { describe, expect, test } from 'vitest'
import { type AdminDocument, exampleFaults, operationsOf } from './support/admin-document.ts'
import { ROOT } from './support/spawned.ts'

const FILE = join(ROOT, 'specs', 'admin.openapi.json')
const TEXT = readFileSync(FILE, 'utf8')
const DOCUMENT = JSON.parse(TEXT) as AdminDocument

describe('the document of the admin API', () => {
  test('has nothing that its linter would say of it', async () => {
    const config = await createConfig({ extends: ['recommended'] })
    const problems = await lintFromString({ source: TEXT, absoluteRef: FILE, config })
    expect(problems.map(({ ruleId, message, location }) => [ruleId, message, location[0]?.pointer])).toEqual([])
  })

  test('every example in it fits its schema', () => {
    const { faults, examples } = exampleFaults(DOCUMENT)
    expect(faults).toEqual([])
    expect(examples).toBeGreaterThan(100)
  })

  test('every body that is sent has an example', () => {
    const bodies = operationsOf(DOCUMENT).filter(({ requestBody }) => requestBody)
    expect(bodies.length).toBeGreaterThan(20)
    const without = bodies.filter(({ requestBody }) => {
      const { schema } = requestBody!.content['application/json']!
      const named = DOCUMENT.components.schemas[String(schema.$ref).split('/').at(-1)!] ?? schema
      return !Array.isArray(named.examples)
    })
    expect(without.map(({ operationId }) => operationId)).toEqual([])
  })

  test('operationIds and summaries are told apart', () => {
    const operations = operationsOf(DOCUMENT)
    expect(new Set(operations.map(({ operationId }) => operationId)).size).toBe(operations.length)
    expect(new Set(operations.map(({ summary }) => summary)).size).toBe(operations.length)
  })
})
