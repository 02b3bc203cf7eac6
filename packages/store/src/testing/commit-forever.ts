import { openStore } from '../open-store.ts'
import { ensureDefaultWorkspace } from '../workspaces.ts'
import { importExample, operation } from './examples.ts'

// Commits one import after the other and sends each when it is acknowledged, until it is killed.

process.once('disconnect', () => process.exit())
const store = await openStore(JSON.parse(process.argv[2]!))
const workspace = await ensureDefaultWorkspace(store)
process.send!('open')
for (;;) {
  const slug = `loop-${Date.now()}`
  for (const says of ['version 1', 'version 2', 'version 3']) {
    const operations = Array.from({ length: 40 }, (_, index) => operation(`tool_${index}`, says))
    await importExample(store, workspace.id, { slug, operations })
    process.send!({ slug, says })
  }
}
