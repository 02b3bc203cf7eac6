import { expect, test } from 'vitest'
import { onEachDatabase } from './testing/databases.ts'
import { ensureDefaultWorkspace } from './workspaces.ts'

onEachDatabase((store) => {
  test('there is one default workspace, however many ask for it at once', async () => {
    const found = await Promise.all([1, 2, 3].map(() => ensureDefaultWorkspace(store())))
    expect(new Set(found.map(({ id }) => id))).toEqual(new Set(['ws_default']))
  })
})
