import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { CallFailure, LIMITS, type Operation, type OperationDefinition, Problem, type ReadSpec } from '@sluice/contract'
import { buildRequest, importSpec, readDefinition } from '@sluice/openapi'
import { checkSchema } from '@sluice/schema'
import { describe, expect, test } from 'vitest'
import { ROOT } from '../../support/spawned.ts'
import { clientFaults } from '../client-faults.ts'
import { generateArguments } from '../judge/generate-arguments.ts'
import { parseOriginal } from '../judge/parse-original.ts'
import { seededRandom } from '../judge/seeded-random.ts'
import { mutateArguments } from './mutate-arguments.ts'
import { mutateDocument } from './mutate-document.ts'
import { shapeFaults } from './shape-faults.ts'

const FOLDER = join(ROOT, 'specs', 'samples', 'odd')
const texts = readdirSync(FOLDER).map((name) => [name, readFileSync(join(FOLDER, name), 'utf8')] as const)
const BASE = 'https://api.example/base/v1'

/** A document's operations, or the Problem that says why there are none. What else is thrown fails the test. */
function read(text: string): ReadSpec | Problem {
  try {
    return importSpec({ text }, { countTokens: (counted) => counted.length })
  } catch (error) {
    if (error instanceof Problem) return error
    throw error
  }
}

/** A request, or the CallFailure that says why there is none. */
function build(operation: Operation, args: Record<string, unknown>): string[] {
  try {
    return shapeFaults(buildRequest({ ...operation, baseUrl: undefined }, args, BASE), operation, BASE)
  } catch (error) {
    if (error instanceof CallFailure) return []
    throw error
  }
}

function definitionsOf({ operations }: ReadSpec): OperationDefinition[] {
  return operations.map(({ definition }) => readDefinition(definition))
}

const MOST_WIRE_BYTES = 16 * 1024
const SEEDS = 40

describe.each(texts)('%s', (_name, text) => {
  const document = parseOriginal(text)

  for (let seed = 0; seed < SEEDS; seed++) {
    test(`damaged with seed ${seed} it is read or refused`, () => {
      const spec = read(JSON.stringify(mutateDocument(document, seededRandom(seed + 1))))
      if (spec instanceof Problem) return
      const { operations, imported, skipped } = spec.coverage
      expect(imported + skipped).toBe(operations)
      for (const definition of definitionsOf(spec)) expectWithinLimits(definition, seed)
    })
  }

  test('hostile arguments are refused or stay in their place', () => {
    const spec = read(text)
    expect(spec).not.toBeInstanceOf(Problem)
    for (const [index, { operation }] of definitionsOf(spec as ReadSpec).entries()) {
      for (let seed = 0; seed < SEEDS; seed++) {
        const { args = {} } = generateArguments(operation.inputSchema, 'full', seed)
        const hostile = mutateArguments(args, seededRandom(seed * 1009 + index))
        // Whether they fit or not, saying so never throws; and what does not fit is refused again where it would do harm.
        expect(Array.isArray(checkSchema(operation.inputSchema, hostile))).toBe(true)
        expect(build(operation, hostile)).toEqual([])
      }
    }
  })
})

function expectWithinLimits(definition: OperationDefinition, seed: number): void {
  expect(definition.name.length).toBeLessThanOrEqual(LIMITS.toolNameChars)
  expect(clientFaults(definition)).toEqual([])
  expect(JSON.stringify(definition.wireSchema).length).toBeLessThan(MOST_WIRE_BYTES)
  const { args = {} } = generateArguments(definition.operation.inputSchema, 'minimal', seed)
  expect(build(definition.operation, args)).toEqual([])
}

describe('bombs', () => {
  const laughs = (levels: number) => {
    const lines = Array.from({ length: levels }, (_item, level) => {
      const items = Array.from({ length: 10 }, () => (level === 0 ? 'lol' : `*a${level - 1}`))
      return `  a${level}: &a${level} [${items.join(', ')}]`
    })
    return `openapi: 3.0.0\ninfo: {title: t, version: '1'}\npaths: {}\nx-bomb:\n${lines.join('\n')}\n`
  }
  const around = (inner: string) => `{"openapi":"3.0.0","info":{"title":"t","version":"1"},"paths":${inner}}`
  const nested = (open: string, close: string, depth: number) => open.repeat(depth) + close.repeat(depth)

  test.each([
    ['aliases of aliases', laughs(20)],
    ['a hundred thousand lists', around(nested('[', ']', 100_000))],
    ['a hundred thousand objects', around(`${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`)],
    ['a hundred thousand flows in YAML', `paths: ${nested('[', ']', 100_000)}`],
    [
      'block YAML nested past the limit',
      Array.from({ length: 700 }, (_item, level) => `${' '.repeat(level)}a:`).join('\n'),
    ],
    ['more than is read', ' '.repeat(LIMITS.specBytes + 1)],
  ])('%s: refused with a reason', (_name, text) => {
    const spec = read(text)
    expect(spec).toBeInstanceOf(Problem)
    expect((spec as Problem).detail).not.toBe('')
  })

  test('a few aliases are no bomb', () => {
    expect(read(laughs(4))).not.toBeInstanceOf(Problem)
  })
})
