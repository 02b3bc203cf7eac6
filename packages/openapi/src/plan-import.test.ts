import type { DerivedOperation, StoredOperation } from '@sluice/contract'
import { describe, expect, test } from 'vitest'
import { countMatches, matchesGlob } from './enable-rules.ts'
import { type ImportPlan, planImport } from './plan-import.ts'
import { suggestTags } from './suggest-tags.ts'

const derived = (path: string, more: Partial<DerivedOperation> = {}): DerivedOperation => ({
  method: 'GET',
  path,
  name: `get_${path.slice(1)}`,
  title: path,
  tags: [],
  tokens: 10,
  deprecated: false,
  contentHash: 'h1',
  definition: new Uint8Array(),
  flagged: false,
  suspicious: false,
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
const kinds = (plan: ImportPlan) =>
  plan.changes.map((change) => `${change.kind} ${'derived' in change ? change.derived.path : change.stored.path}`)

describe('planning an import', () => {
  test('what is new, changed, gone and the same', async () => {
    const plan = await planImport(
      [derived('/new'), derived('/same'), derived('/other', { contentHash: 'h2' })],
      [stored('/same'), stored('/other'), stored('/gone')],
      'auto',
    )
    expect(kinds(plan)).toEqual(['added /new', 'unchanged /same', 'changed /other', 'removed /gone'])
  })

  test('what was removed comes back as a change, and is not removed twice', async () => {
    expect(
      kinds(
        await planImport([derived('/a')], [stored('/a', { removed: true }), stored('/b', { removed: true })], 'auto'),
      ),
    ).toEqual(['changed /a'])
  })

  test('B17 B35 B36 two that want one name get two, and the first keeps it', async () => {
    const names = (
      await planImport([derived('/a', { name: 'get' }), derived('/b', { name: 'get' })], [], 'all')
    ).changes.map((change) => change.kind === 'added' && change.toolName)
    expect(names).toEqual(['get', expect.stringMatching(/^get_[0-9a-f]{6}$/)])
  })

  test('B36 a new tool takes no name that clients without capitals take for another', async () => {
    const one = stored('/old', { tools: [{ id: 't', name: 'Get-X', enabled: true }] })
    const plan = await planImport([derived('/new', { name: 'get_x' }), derived('/old')], [one], 'all')
    expect(plan.changes[0]).toMatchObject({ kind: 'added', toolName: expect.stringMatching(/^get_x_[0-9a-f]{6}$/) })
  })

  test('no operation gets the name of a tool of ours', async () => {
    const [change] = (await planImport([derived('/a', { name: 'read_more' })], [], 'all')).changes
    expect(change).toMatchObject({ kind: 'added', toolName: expect.stringMatching(/^read_more_[0-9a-f]{6}$/) })
  })

  test('B34 a name that is stored stays with its operation', async () => {
    const plan = await planImport(
      [derived('/new', { name: 'taken' }), derived('/old')],
      [stored('/old', { tools: [{ id: 't', name: 'taken', enabled: true }] })],
      'all',
    )
    expect(plan.changes[0]).toMatchObject({ kind: 'added', toolName: expect.stringMatching(/^taken_/) })
  })

  test('B34 a new tool takes no name of a further tool on an operation, nor of a manual tool', async () => {
    const tools = [
      { id: 't1', name: 'old', enabled: true },
      { id: 't2', name: 'second', enabled: true },
    ]
    const plan = await planImport(
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

  test('B181 all are enabled, and it is said where they are more than forty, or cost more than a list should', async () => {
    const many = (count: number, tokens = 10) =>
      planImport(
        Array.from({ length: count }, (_, n) => derived(`/o${n}`, { tokens })),
        [],
        'auto',
      )
    for (const count of [40, 41]) {
      const { changes } = await many(count)
      expect(changes.every((change) => change.kind === 'added' && change.enable)).toBe(true)
    }
    expect((await many(40)).tooMuch).toBeUndefined()
    expect(await many(41)).toMatchObject({ tooMuch: { tools: 41, tokens: 410 } })
    expect((await many(10, 1_001)).tooMuch).toEqual({ tools: 10, tokens: 10_010 })
  })

  test('some are enabled by tag', async () => {
    const plan = await planImport([derived('/a', { tags: ['x'] }), derived('/b', { tags: ['y'] })], [], { tags: ['x'] })
    expect(plan.changes.map((change) => change.kind === 'added' && change.enable)).toEqual([true, false])
  })

  test('B29 a later import leaves alone what a person enabled or disabled', async () => {
    const plan = await planImport(
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

describe('B180 B31 S28 which tools an import enables', () => {
  const operations = [
    derived('/orders', { tags: ['orders'], operationId: 'listOrders' }),
    derived('/orders/{id}/items', { method: 'POST', tags: ['orders'] }),
    derived('/old', { deprecated: true }),
    derived('/odd', { suspicious: true }),
  ]
  const enabled = async (enable: Parameters<typeof planImport>[2], of: readonly DerivedOperation[] = operations) =>
    (await planImport(of, [], enable)).changes.flatMap((change) =>
      change.kind === 'added' && change.enable ? [change.derived.path] : [],
    )

  test.each<[string, Parameters<typeof planImport>[2], string[]]>([
    ['by tag', { rules: [{ tags: ['orders'] }] }, ['/orders', '/orders/{id}/items']],
    ['by a path glob: * stays in its segment', { rules: [{ path: '/orders*' }] }, ['/orders']],
    ['by a path glob: ** does not', { rules: [{ path: '/orders/**' }] }, ['/orders/{id}/items']],
    ['by method', { rules: [{ methods: ['post'] }] }, ['/orders/{id}/items']],
    ['by operationId', { rules: [{ operationId: 'list*' }] }, ['/orders']],
    ['reading only', { rules: [{ readOnly: true }] }, ['/orders', '/old']],
    ['all but what is deprecated', { rules: [{ enable: false, deprecated: true }] }, ['/orders', '/orders/{id}/items']],
    [
      'the first rule that fits decides',
      { rules: [{ enable: false, methods: ['POST'] }, { tags: ['orders'] }] },
      ['/orders'],
    ],
    ['what reads like an instruction is left to a person', 'all', ['/orders', '/orders/{id}/items', '/old']],
  ])('%s', async (_name, choice, want) => expect(await enabled(choice)).toEqual(want))

  test('what the author marks: nothing else is enabled by itself, and what he excludes by no choice', async () => {
    const marked = [derived('/a', { meant: true }), derived('/b'), derived('/c', { meant: false })]
    expect(await enabled('auto', marked)).toEqual(['/a'])
    expect(await enabled('all', marked)).toEqual(['/a', '/b'])
    expect(await enabled({ rules: [{ path: '/c' }] }, marked)).toEqual([])
  })

  test('only what would be enabled counts against the limit', async () => {
    const many = Array.from({ length: 60 }, (_, n) => derived(`/x${n}`, n < 30 ? { meant: true } : {}))
    expect((await planImport(many, [], 'auto')).tooMuch).toBeUndefined()
    expect(await enabled('auto', many)).toHaveLength(30)
  })

  test('a look beforehand counts what each rule decides on', () => {
    expect(countMatches([{ tags: ['orders'] }, { methods: ['GET'] }, { path: '/nothing' }], operations)).toEqual([
      2, 2, 0,
    ])
  })

  test('a glob of many stars is matched in time', () => {
    expect(matchesGlob(`/${'*a'.repeat(200)}`, `/${'a'.repeat(1_900)}b`)).toBe(false)
  })
})

describe('design 3: an operation that moved', () => {
  const was = (path: string, more: Partial<StoredOperation> = {}) => stored(path, { id: `op ${path}`, ...more })

  test.each<[string, DerivedOperation[], StoredOperation[], string[]]>([
    ['a parameter was renamed', [derived('/a/{x}')], [was('/a/{y}')], ['moved /a/{x}']],
    ['a colon became braces', [derived('/a/{x}')], [was('/a/:x')], ['moved /a/{x}']],
    [
      'the same operationId elsewhere',
      [derived('/b', { operationId: 'o' })],
      [was('/a', { operationId: 'o' })],
      ['moved /b'],
    ],
    [
      'another method is another operation',
      [derived('/a', { method: 'PUT' })],
      [was('/a')],
      ['added /a', 'removed /a'],
    ],
    [
      'two that could be it: nothing is guessed',
      [derived('/b', { operationId: 'o' }), derived('/c', { operationId: 'o' })],
      [was('/a', { operationId: 'o' })],
      ['added /b', 'added /c', 'removed /a'],
    ],
    [
      'the shape of the path goes before the operationId',
      [derived('/a/{x}', { operationId: 'two' }), derived('/z', { operationId: 'one' })],
      [was('/a/{y}', { operationId: 'one' })],
      ['moved /a/{x}', 'added /z'],
    ],
    [
      'what is still there did not move',
      [derived('/a'), derived('/b', { operationId: 'o' })],
      [was('/a', { operationId: 'o' })],
      ['unchanged /a', 'added /b'],
    ],
    [
      'what was removed before does not come back elsewhere',
      [derived('/b', { operationId: 'o' })],
      [was('/a', { operationId: 'o', removed: true })],
      ['added /b'],
    ],
  ])('%s', async (_name, operations, before, want) =>
    expect(kinds(await planImport(operations, before, 'auto'))).toEqual(want),
  )
})
