import { describe, expect, test } from 'vitest'
import { type Plain, walkOperations } from '../walk-operations.ts'
import type { JudgedRequest, LoadJudge, Violation } from './judge.ts'
import { loadJudge } from './load-judge.ts'

const ROOT = {
  openapi: '3.1.0',
  paths: {
    '/pets/{id}': {
      put: {
        parameters: [{ name: 'id', in: 'path', required: true, schema: { $ref: '#/components/schemas/Text' } }],
        requestBody: {
          content: {
            'application/json': { schema: { $ref: '#/components/schemas/Pet' } },
            'multipart/form-data': { schema: { $ref: '#/components/schemas/Pet' } },
          },
        },
      },
    },
  },
  components: {
    schemas: {
      Text: { type: 'string' },
      Pet: {
        properties: { name: { $ref: '#/components/schemas/Text' }, owner: { $ref: '#/components/schemas/Owner' } },
      },
      Owner: { properties: { pets: { items: { $ref: '#/components/schemas/Pet' } } } },
    },
  },
}

/** A loader that keeps what it was handed. */
function recording(say: (document: Plain) => readonly Violation[] = () => []) {
  const documents: Plain[] = []
  const load: LoadJudge = async (document) => {
    documents.push(document)
    return () => say(document)
  }
  return { documents, load }
}

const request = (body: unknown, type = 'application/json'): JudgedRequest => ({
  method: 'put',
  url: { path: '/pets/1', query: {} },
  headers: { 'content-type': type },
  body,
  bytes: Buffer.from(JSON.stringify(body)),
})

const original = walkOperations(ROOT)[0]!
const schemasOf = (document: Plain | undefined) =>
  Object.keys((document?.components as { schemas?: object } | undefined)?.schemas ?? {})

describe('what a judge reads', () => {
  test('all that an operation refers to, once', async () => {
    const { documents, load } = recording()
    const judge = await loadJudge(ROOT, original, load)
    for (const body of [{ name: 'x' }, {}]) await judge!(request(body))
    expect(documents.map(schemasOf)).toEqual([['Text', 'Pet', 'Owner']])
  })

  test('of more than it may read, what each body reaches; parameters and forms as they are', async () => {
    const { documents, load } = recording()
    const judge = await loadJudge(ROOT, original, load, 10)
    documents.length = 0
    await judge!(request({ owner: { pets: [{ name: 'x' }] } }))
    await judge!(request('--x', 'multipart/form-data; boundary=x'))
    expect(documents.map(schemasOf)).toEqual([['Text'], ['Text', 'Pet', 'Owner']])
    expect(JSON.stringify(documents[0])).toContain('{"name":{"type":"string"}')
  })

  test('the part, where it has no verdict by the whole', async () => {
    const none = [{ code: 'no-verdict', message: 'a circle' }]
    const { documents, load } = recording((document) => (schemasOf(document).includes('Pet') ? none : []))
    const judge = await loadJudge(ROOT, original, load)
    expect(await judge!(request({ name: 'x' }))).toEqual([])
    expect(documents).toHaveLength(2)
  })
})
