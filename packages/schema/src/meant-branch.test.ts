import { expect, test } from 'vitest'
import { checkMeant } from './meant-branch.ts'

const kind = (name: string, properties: object, required: string[] = []) => ({
  type: 'object',
  properties: { kind: { const: name }, ...properties },
  required: ['kind', ...required],
})
const SCHEMA = {
  type: 'object',
  properties: {
    body: { anyOf: [{ $ref: '#/$defs/Cat' }, { $ref: '#/$defs/Dog' }] },
    list: { type: 'array', items: { anyOf: [{ $ref: '#/$defs/Cat' }, kind('cow', { milk: { type: 'number' } })] } },
    plain: { anyOf: [{ type: 'string' }, { type: 'integer' }] },
    id: { type: 'integer' },
  },
  $defs: {
    Cat: kind('cat', {
      lives: { type: 'integer' },
      friend: { anyOf: [{ $ref: '#/$defs/Cat' }, { $ref: '#/$defs/Dog' }] },
    }),
    Dog: kind('dog', { bark: { type: 'string' } }, ['bark']),
  },
}
const told = (value: unknown) => checkMeant(SCHEMA, value).map(({ path, message }) => `${path}: ${message}`)

test.each<[string, unknown, string[]]>([
  ['the branch that is meant speaks alone', { body: { kind: 'cat', lives: 'x' } }, ['body.lives: must be integer']],
  ['what it lacks is told', { body: { kind: 'dog' } }, ["body: must have required property 'bark'"]],
  ['in a list', { list: [{ kind: 'cow', milk: 'x' }] }, ['list.0.milk: must be number']],
  [
    'a union within it, too',
    { body: { kind: 'cat', friend: { kind: 'dog', bark: 1 } } },
    ['body.friend.bark: must be string'],
  ],
  [
    'what is wrong elsewhere is told beside it',
    { id: 'x', body: { kind: 'dog', bark: 5 } },
    ['id: must be integer', 'body.bark: must be string'],
  ],
])('B75 %s', (_name, value, want) => expect(told(value)).toEqual(want))

test('where no branch is meant, all speak', () => {
  expect(told({ body: { kind: 'cow' } }).length).toBeGreaterThan(1)
  expect(told({ plain: true })).toContain('plain: must be string')
  expect(told({ body: { kind: 'cat' } })).toEqual([])
})
