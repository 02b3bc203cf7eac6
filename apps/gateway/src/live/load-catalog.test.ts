import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import type { CatalogUpstream } from '@sluice/contract'
import { importSpec, packDefinition, readDefinition } from '@sluice/openapi'
import type { CatalogOutline, CatalogToolRow } from '@sluice/store'
import { expect, test, vi } from 'vitest'
import { buildCatalog } from './build-catalog.ts'
import { loadCatalog } from './load-catalog.ts'
import { findable } from './tool-finders.ts'
import { untouchedTool } from './untouched-tool.ts'
import { createWholeTools } from './whole-tools.ts'

const TEXT = JSON.stringify({
  openapi: '3.1.0',
  info: {},
  paths: Object.fromEntries(Array.from({ length: 120 }, (_none, n) => [`/t${n}`, { get: { operationId: `t${n}` } }])),
})
const TOOLS = importSpec({ text: TEXT }, { countTokens: () => 1 }).operations.map((derived) =>
  untouchedTool(derived.name, 'u', derived),
)

const ROOM = createWholeTools(1_000_000)

/** A database of these tools. */
function reads(tools: readonly CatalogToolRow[] = TOOLS, upstream: Partial<CatalogUpstream> = {}, sealed = 'one') {
  const outline = {
    server: { id: 's', workspaceId: 'w' },
    upstreams: [{ id: 'u', slug: 'u', baseUrl: 'https://api.test', ...upstream }],
    tools: tools.map(({ definition: _, ...row }) => row),
    secrets: new Map([['sec', { secret: { sealed }, origins: [] }]]),
    composites: [],
    resources: [],
    prompts: [],
  }
  const texts = new Map(tools.map(({ operationVersion, definition }) => [operationVersion, definition]))
  return {
    readOutline: async () => outline as unknown as CatalogOutline,
    readDefinitions: vi.fn(
      async (_workspaceId: string, ids: readonly string[]) => new Map(ids.map((id) => [id, texts.get(id)!])),
    ),
  }
}

test('every definition is read once, and the tools are in order of their names', async () => {
  const source = reads()
  const { catalog } = (await loadCatalog(source, 's', ROOM))!
  expect(catalog.tools.map(({ name }) => name)).toEqual(TOOLS.map(({ name }) => name).toSorted())
  expect(source.readDefinitions.mock.calls.flatMap(([, ids]) => ids)).toHaveLength(TOOLS.length)
})

test('tools are the same where there is room for none of them', async () => {
  const { catalog } = (await loadCatalog(reads(), 's', createWholeTools(0)))!
  const outline = (await reads().readOutline())!
  expect(catalog.tools).toEqual(buildCatalog({ ...outline, tools: TOOLS }).tools)
})

const WITH_SECRET = TOOLS.with(3, { ...TOOLS[3]!, argumentEdits: { id: { secret: 'sec' } } })

test.each<[what: string, before: ReturnType<typeof reads>, changed: ReturnType<typeof reads>, anew: number]>([
  ['nothing', reads(), reads(), 0],
  ['a title of one', reads(), reads(TOOLS.with(3, { ...TOOLS[3]!, title: 'Another' })), 1],
  ['a secret that one is fixed to', reads(WITH_SECRET), reads(WITH_SECRET, {}, 'two'), 1],
  ['the filter of the upstream', reads(), reads(TOOLS, { responseFilter: 'items' }), TOOLS.length],
  ['a script of the upstream', reads(), reads(TOOLS, { steps: { responseInterceptor: 'x' } }), TOOLS.length],
])('where %s changes, what stays as it was is taken over', async (_what, source, changed, anew) => {
  const before = (await loadCatalog(source, 's', ROOM))!
  const after = (await loadCatalog(changed, 's', ROOM, before))!
  expect(changed.readDefinitions.mock.calls.flatMap(([, ids]) => ids)).toHaveLength(anew)
  const same = after.catalog.tools.filter((tool) => before.catalog.byName.get(tool.name) === tool)
  expect(same).toHaveLength(TOOLS.length - anew)
})

test('where nothing changes the catalog stays, with all that was made of it; with another credential its lists are the same', async () => {
  const before = (await loadCatalog(reads(), 's', ROOM))!
  expect(await loadCatalog(reads(), 's', ROOM, before)).toBe(before)
  const renewed = (await loadCatalog(reads(TOOLS, { credentials: [] }), 's', ROOM, before))!
  expect(renewed.catalog.upstreams.get('u')!.credentials).toEqual([])
  expect(renewed.lists).toBe(before.lists)
})

test('a catalog goes once the next has taken its place, and with it the one before', async () => {
  const collect = collector()
  const whole = createWholeTools(0)
  let current = (await loadCatalog(reads(), 's', whole))!
  const gone: Array<WeakRef<object>> = []
  for (const title of ['one', 'two', 'three']) {
    gone.push(new WeakRef(current))
    current = (await loadCatalog(reads(TOOLS.with(3, { ...TOOLS[3]!, title })), 's', whole, current))!
  }
  const left = () => {
    collect()
    return gone.filter((one) => one.deref()).length
  }
  await expect.poll(left).toBe(0)
  expect(current.catalog.tools).toHaveLength(TOOLS.length)
})

test('tools of several icons are taken over as they are, and found by what was learnt of them', async () => {
  const iconed = withIcons()
  const made = (await loadCatalog(reads(iconed), 's', ROOM))!
  expect(new Set(made.catalog.tools.map(({ icon }) => icon)).size).toBe(2)
  const again = (await loadCatalog(reads(iconed), 's', ROOM, made))!
  const [before, after] = [made, again].map(({ catalog }) => catalog.tools.map((tool) => findable(catalog, tool)))
  expect(after).toHaveLength(TOOLS.length)
  for (const [at, one] of after!.entries()) expect(one).toBe(before![at])
})

/** The first has an icon, and the others have none. */
function withIcons(): CatalogToolRow[] {
  const definition = { ...readDefinition(TOOLS[0]!.definition), icon: 'https://x.test/a' }
  return TOOLS.with(0, { ...TOOLS[0]!, definition: packDefinition(definition) })
}

function collector(): () => void {
  setFlagsFromString('--expose-gc')
  return runInNewContext('gc')
}

test('a version that went before it was read fails the load, which is tried again', async () => {
  const source = reads()
  source.readDefinitions.mockResolvedValueOnce(new Map())
  await expect(loadCatalog(source, 's', ROOM)).rejects.toThrow('went while a catalog was loaded')
})

test('other work goes on between slices', async () => {
  let turns = 0
  const timer = setInterval(() => turns++, 0)
  await loadCatalog(
    reads(
      Array.from({ length: 40 }, () => TOOLS)
        .flat()
        .map((tool, n) => ({ ...tool, id: `${n}` })),
    ),
    's',
    ROOM,
  )
  clearInterval(timer)
  expect(turns).toBeGreaterThan(3)
})
