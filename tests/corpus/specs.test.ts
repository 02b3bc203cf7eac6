import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import type { JsonSchema, OperationDefinition, ReadSpec } from '@sluice/contract'
import { importSpec } from '@sluice/openapi'
import { checkSchema } from '@sluice/schema'
import { describe, expect, test } from 'vitest'
import { ROOT } from '../support/spawned.ts'

/** Documents that vendors really publish. They are other people's: read in place where they lie beside the clone. */
const FOLDER = join(ROOT, '..', 'shared', 'corpus', 'specs')
const documents = existsSync(FOLDER) ? readdirSync(FOLDER).filter((name) => /\.(json|yaml)\.gz$/.test(name)) : []
if (documents.length === 0)
  process.stdout.write(`The corpus of real documents is not beside this clone (${FOLDER}): its tests are skipped.\n`)

describe.skipIf(documents.length === 0)('real documents', () => {
  test.each(documents)(
    '%s: every operation becomes a tool that a client takes and that can be checked',
    (name) => {
      const text = gunzipSync(readFileSync(join(FOLDER, name))).toString('utf8')
      const spec: ReadSpec = importSpec({ text }, { countTokens: () => 1 })
      expect(spec.coverage.operations).toBeGreaterThan(0)
      expect(spec.coverage.skipped).toBe(0)
      expect(spec.diagnostics.filter(({ severity }) => severity === 'error')).toEqual([])
      const step = Math.ceil(spec.operations.length / MOST_CHECKED)
      for (const [index, { definition }] of spec.operations.entries()) {
        const { operation, wireSchema, name: tool } = JSON.parse(definition) as OperationDefinition
        // B32, B33
        expect(tool).toMatch(/^[a-z][a-z0-9_]{0,47}$/)
        expect(faultsOf(wireSchema)).toEqual([])
        // Compiling costs milliseconds each: a sample, spread over the document.
        if (index % step > 0) continue
        const missing = checkSchema(operation.inputSchema, {}).filter(({ keyword }) => keyword !== 'required')
        expect(missing).toEqual([])
      }
    },
    60_000,
  )
})

const MOST_CHECKED = 25

const REFUSED = [
  '$ref',
  '$defs',
  'oneOf',
  'allOf',
  'not',
  'if',
  'const',
  'nullable',
  'additionalProperties',
  'patternProperties',
  'exclusiveMinimum',
  'examples',
  'discriminator',
  'xml',
  'readOnly',
]

/** What a client would refuse: B39, B43, B51, B62, B67. */
function faultsOf(schema: JsonSchema): string[] {
  const root =
    schema.type === 'object' && !('anyOf' in schema) && 'properties' in schema ? [] : ['the root is no plain object']
  const keys = Object.keys(schema.properties as object).filter((key) => !/^[A-Za-z0-9_.-]{1,64}$/.test(key))
  return [...root, ...keys.map((key) => `argument ${key}`), ...innerFaults(schema)]
}

function innerFaults(schema: unknown): string[] {
  if (typeof schema !== 'object' || schema === null || Array.isArray(schema)) return []
  const value = schema as Record<string, unknown>
  const own = REFUSED.filter((keyword) => keyword in value)
  if (Array.isArray(value.type)) own.push('a list of types')
  if (Array.isArray(value.required) && value.required.length === 0) own.push('an empty required')
  if (value.type === 'array' && !('items' in value)) own.push('an array without items')
  const members = value.properties ? Object.values(value.properties as object) : []
  const branches = Array.isArray(value.anyOf) ? value.anyOf : []
  return [...own, ...[...members, ...branches, value.items].flatMap(innerFaults)]
}
