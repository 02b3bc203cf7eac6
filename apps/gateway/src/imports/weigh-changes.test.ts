import type { DerivedOperation, OperationChange, OperationDefinition, StoredOperation } from '@sluice/contract'
import { packDefinition } from '@sluice/openapi'
import { describe, expect, test } from 'vitest'
import { weighChanges } from './weigh-changes.ts'

const definition = (summary: string) =>
  packDefinition({
    title: summary,
    description: summary,
    annotations: {},
    operation: { method: 'GET', path: '/x', parameters: [], inputSchema: {}, security: [], tags: [], responses: [] },
  } as unknown as OperationDefinition)

const change = (text: string): OperationChange => ({
  kind: 'changed',
  derived: { definition: definition(text), contentHash: text, suspicious: false } as DerivedOperation,
  stored: { id: 'op_1', contentHash: 'a', removed: true, tools: [{ enabled: true }] } as unknown as StoredOperation,
  enable: false,
})

describe('S29 an operation that was removed and is back', () => {
  test.each([
    ['as it was waits for nobody', 'a', 'review', { held: false, note: { risk: 'safe', what: [] } }],
    ['as it was, where all is held, waits for nobody', 'a', 'all', { held: false }],
    ['with other words waits', 'b', 'review', { held: true, note: { risk: 'review', what: ['text'] } }],
  ] as const)('%s', async (_name, text, policy, want) => {
    const deps = { readDefinitions: async () => new Map([['op_1', [definition('a')]]]) }
    const [weighed] = await weighChanges([change(text)], { workspaceId: 'ws_1', policy, accept: false }, deps)
    expect(weighed).toMatchObject(want)
  })
})

test('S29 tools that serve different versions of an operation: what is most to any of them counts', async () => {
  const stored = { id: 'op_1', removed: false, tools: [{ enabled: true }, { enabled: true }] }
  const waiting = { ...change('c'), stored } as unknown as OperationChange
  const deps = { readDefinitions: async () => new Map([['op_1', [definition('c'), definition('a')]]]) }
  const [weighed] = await weighChanges([waiting], { workspaceId: 'ws_1', policy: 'review', accept: false }, deps)
  expect(weighed).toMatchObject({ held: true, note: { risk: 'review', what: ['text'] } })
})
