import { expect, test } from 'vitest'
import { definitions, openapi, read } from './testing/read-one.ts'

/** Schemas that refer to one another, each to the next. */
function chain(length: number, link: (reference: object) => object): Record<string, unknown> {
  const schemas = Array.from({ length }, (_item, index) => [
    `S${index}`,
    link({ $ref: `#/components/schemas/S${index + 1}` }),
  ])
  return Object.fromEntries([...schemas, [`S${length}`, { type: 'string' }]])
}

type Link = (reference: object) => object

const ask = (name: string) => ({
  get: { parameters: [{ name: 'q', in: 'query', schema: { $ref: `#/components/schemas/${name}` } }] },
})
const endOf = (link: Link, length: number) => {
  const paths = { '/long': ask('S0'), '/end': ask(`S${length}`) }
  const spec = read(openapi(paths, { components: { schemas: chain(length, link) } }))
  const end = definitions(spec).find(({ operation }) => operation.path === '/end')
  return { spec, defs: end!.operation.inputSchema.$defs }
}

test.each<[string, number, Link]>([
  ['properties', 5_000, (next) => ({ type: 'object', properties: { next } })],
  ['items', 5_000, (next) => ({ type: 'array', items: next })],
  ['allOf', 800, (next) => ({ allOf: [next, { description: 'x' }] })],
  ['oneOf', 800, (next) => ({ oneOf: [next, { type: 'number' }] })],
  ['nothing else', 800, (next) => next],
])('B13 a chain of references through %s, %i long, costs no operation', (_name, length, link) => {
  const { spec, defs } = endOf(link, length)
  expect(spec.diagnostics.filter(({ code }) => code === 'operation-skipped')).toEqual([])
  expect(defs).toEqual({ [`S${length}`]: { type: 'string' } })
})

test('B13 a chain that no stack can hold is skipped in words, and its parts stay whole for other operations', () => {
  const { spec, defs } = endOf((next) => ({ allOf: [next] }), 10_000)
  expect(spec.diagnostics.find(({ code }) => code === 'operation-skipped')?.message).toContain('too long to follow')
  expect(defs).toEqual({ S10000: { type: 'string' } })
})
