import { expect, test } from 'vitest'
import { readFromChild } from './read-from-child.ts'

test.each([
  ['that it listens', 'ready'],
  ['a call', { call: { callId: 1, name: 'x', argsText: '{}' } }],
  ['a result', { result: { outputText: '1', logs: ['a'] } }],
  ['a failure', { result: { failure: { name: 'Time', message: 'ran' }, logs: [] } }],
])('%s is heard', (_what, said) => expect(readFromChild(said)).toEqual(said))

test.each([
  ['nothing', undefined],
  ['null', null],
  ['a number', 5],
  ['another word', 'steady'],
  ['nothing known', {}],
  ['a call without arguments', { call: { callId: 1, name: 'x' } }],
  ['a name that is no text', { call: { callId: 1, name: { toString: 1 }, argsText: '{}' } }],
  ['a result that is no text', { result: { outputText: { length: 1 }, logs: [] } }],
  ['lines that are none', { result: { outputText: '1', logs: [1] } }],
  ['a failure without words', { result: { failure: {}, logs: [] } }],
])('S70 of a child that was taken over, %s is not', (_what, said) => expect(readFromChild(said)).toBeUndefined())
