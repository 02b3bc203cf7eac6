import type { DerivedOperation, StoredOperation } from '@sluice/contract'
import { describe, expect, test } from 'vitest'
import { planImport } from './plan-import.ts'
import { suggestTags } from './suggest-tags.ts'

const derived = (path: string, more: Partial<DerivedOperation> = {}): DerivedOperation => ({
  method: 'GET',
  path,
  name: `get_${path.slice(1)}`,
  tags: [],
  tokens: 10,
  deprecated: false,
  contentHash: 'h1',
  definition: '{}',
  flagged: false,
  ...more,
})
const stored = (path: string, more: Partial<StoredOperation> = {}): StoredOperation => ({
  id: path,
  method: 'GET',
  path,
  contentHash: 'h1',
  removed: false,
  tools: [{ id: path, name: `get_${path.slice(1)}`, enabled: true }],
  ...more,
})
const kinds = (plan: ReturnType<typeof planImport>) =>
  plan.changes.map((change) => `${change.kind} ${'derived' in change ? change.derived.path : change.stored.path}`)

describe('planning an import', () => {
  test('what is new, changed, gone and the same', () => {
    const plan = planImport(
      [derived('/new'), derived('/same'), derived('/other', { contentHash: 'h2' })],
      [stored('/same'), stored('/other'), stored('/gone')],
      'auto',
    )
    expect(kinds(plan)).toEqual(['added /new', 'unchanged /same', 'changed /other', 'removed /gone'])
  })

  test('what was removed comes back as a change, and is not removed twice', () => {
    expect(
      kinds(planImport([derived('/a')], [stored('/a', { removed: true }), stored('/b', { removed: true })], 'auto')),
    ).toEqual(['changed /a'])
  })

  test('B17 B35 B36 two that want one name get two, and the first keeps it', () => {
    const names = planImport([derived('/a', { name: 'get' }), derived('/b', { name: 'get' })], [], 'all').changes.map(
      (change) => change.kind === 'added' && change.toolName,
    )
    expect(names).toEqual(['get', expect.stringMatching(/^get_[0-9a-f]{6}$/)])
  })

  test('B34 a name that is stored stays with its operation', () => {
    const plan = planImport(
      [derived('/new', { name: 'taken' }), derived('/old')],
      [stored('/old', { tools: [{ id: 't', name: 'taken', enabled: true }] })],
      'all',
    )
    expect(plan.changes[0]).toMatchObject({ kind: 'added', toolName: expect.stringMatching(/^taken_/) })
  })

  test('B34 a new tool takes no name of a further tool on an operation, nor of a manual tool', () => {
    const tools = [
      { id: 't1', name: 'old', enabled: true },
      { id: 't2', name: 'second', enabled: true },
    ]
    const plan = planImport(
      [derived('/a', { name: 'second' }), derived('/b', { name: 'by_hand' }), derived('/c', { name: 'free' })],
      [stored('/old', { tools })],
      'all',
      ['by_hand'],
    )
    expect(plan.changes.map((change) => change.kind === 'added' && change.toolName)).toEqual([
      expect.stringMatching(/^second_[0-9a-f]{6}$/),
      expect.stringMatching(/^by_hand_[0-9a-f]{6}$/),
      'free',
      false,
    ])
  })

  test('B181 forty tools are enabled, forty-one are not, and neither are ten that cost too much', () => {
    const many = (count: number, tokens = 10) =>
      planImport(
        Array.from({ length: count }, (_, n) => derived(`/o${n}`, { tokens })),
        [],
        'auto',
      )
    expect(many(40).changes.every((change) => change.kind === 'added' && change.enable)).toBe(true)
    expect(many(41)).toMatchObject({ tooMuch: { tools: 41, tokens: 410 } })
    expect(many(41).changes.some((change) => change.kind === 'added' && change.enable)).toBe(false)
    expect(many(10, 1_001).tooMuch).toEqual({ tools: 10, tokens: 10_010 })
  })

  test('some are enabled by tag', () => {
    const plan = planImport([derived('/a', { tags: ['x'] }), derived('/b', { tags: ['y'] })], [], { tags: ['x'] })
    expect(plan.changes.map((change) => change.kind === 'added' && change.enable)).toEqual([true, false])
  })

  test('B29 a later import leaves alone what a person enabled or disabled', () => {
    const plan = planImport(
      [derived('/a'), derived('/new')],
      [stored('/a', { tools: [{ id: 'a', name: 'a', enabled: false }] })],
      'auto',
    )
    expect(plan.changes).toMatchObject([
      { kind: 'unchanged', enable: false },
      { kind: 'added', enable: false },
    ])
  })

  test('the tags that fit together are proposed, the largest first', () => {
    const operations = [...Array(30).keys()]
      .map((n) => derived(`/a${n}`, { tags: ['big'] }))
      .concat(
        [...Array(20).keys()].map((n) => derived(`/b${n}`, { tags: ['mid'] })),
        [...Array(5).keys()].map((n) => derived(`/c${n}`, { tags: ['small'] })),
      )
    expect(suggestTags(operations)).toEqual({
      tags: [
        { tag: 'big', tools: 30, tokens: 300 },
        { tag: 'mid', tools: 20, tokens: 200 },
        { tag: 'small', tools: 5, tokens: 50 },
      ],
      fitting: ['big', 'small'],
    })
  })
})
