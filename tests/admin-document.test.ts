import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createConfig, lintFromString } from '@redocly/openapi-core'
import { describe, expect, test } from 'vitest'
import { type AdminDocument, answerChecker, exampleFaults, operationsOf } from './support/admin-document.ts'
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

  test('every answer says what it is, and JSON shows one that fits', () => {
    const check = answerChecker(DOCUMENT)
    const said = operationsOf(DOCUMENT).flatMap(({ operationId, responses }) =>
      Object.entries(responses).map(([status, { description, content = {} }]) => {
        const [shown] = Object.entries(content).filter(([type]) => /\bjson\b/.test(type))
        const faults = shown
          ? check(operationId, { status: Number(status), type: shown[0], body: shown[1].example })
          : []
        return { operationId, status, description, faults }
      }),
    )
    expect(said.filter(({ description }) => description.length < 10 || /^Done/.test(description))).toEqual([])
    expect(said.flatMap(({ faults }) => faults)).toEqual([])
  })

  test('what stands in a path has an example', () => {
    const inPaths = operationsOf(DOCUMENT).flatMap(({ operationId, parameters }) =>
      parameters.filter((one) => one.in === 'path').map(({ name, schema }) => ({ operationId, name, schema })),
    )
    expect(inPaths.length).toBeGreaterThan(40)
    expect(inPaths.filter(({ schema }) => !Array.isArray(schema.examples))).toEqual([])
  })

  test('the form of an import takes what its JSON takes, and a file', () => {
    const { content } = operationsOf(DOCUMENT).find(({ operationId }) => operationId === 'import_document')!
      .requestBody!
    const names = (type: string) => {
      const { schema } = content[type]!
      const named = DOCUMENT.components.schemas[String(schema.$ref).split('/').at(-1)!] ?? schema
      return Object.keys(named.properties as object).toSorted()
    }
    expect(names('multipart/form-data')).toEqual(['file', ...names('application/json')].toSorted())
  })

  test('operationIds and summaries are told apart', () => {
    const operations = operationsOf(DOCUMENT)
    expect(new Set(operations.map(({ operationId }) => operationId)).size).toBe(operations.length)
    expect(new Set(operations.map(({ summary }) => summary)).size).toBe(operations.length)
  })
})
