// Bundles the command line for npm: Node strips no types below node_modules. Run by `npm pack -w apps/cli`.
import { chmodSync, cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const out = join(root, 'apps', 'cli', 'dist')

rmSync(out, { recursive: true, force: true })
mkdirSync(out, { recursive: true })
await build({
  // Threads and children are files of their own, found beside the code that starts them.
  entryPoints: {
    main: join(root, 'apps/cli/src/main.ts'),
    'reader-process': join(root, 'apps/gateway/src/imports/reader-process.ts'),
    'reader-thread': join(root, 'apps/gateway/src/imports/reader-thread.ts'),
    'token-process': join(root, 'apps/gateway/src/live/token-process.ts'),
    'code-child': join(root, 'packages/sandbox/src/code-child.ts'),
    'sandbox-child': join(root, 'packages/sandbox/src/sandbox-child.ts'),
    'sandbox-watch': join(root, 'packages/sandbox/src/sandbox-watch.ts'),
    'strip-worker': join(root, 'packages/sandbox/src/strip-worker.ts'),
    'pglite-worker': join(root, 'packages/store/src/pglite-worker.ts'),
  },
  outdir: out,
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node24',
  legalComments: 'none',
  logLevel: 'warning',
  external: Object.keys(externals()),
  banner: {
    js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
  },
})
cpSync(join(root, 'migrations'), join(out, 'migrations'), { recursive: true })
// The first start on an empty folder begins from this; setup.mjs made it.
cpSync(join(root, 'node_modules', '.cache', 'sluice', 'database.tar.gz'), join(out, 'database.tar.gz'))
cpSync(join(root, 'LICENSE'), join(root, 'apps', 'cli', 'LICENSE'))
const sluice = join(out, 'sluice.js')
writeFileSync(
  sluice,
  `#!/usr/bin/env node
if (Number(process.versions.node.split('.')[0]) < 24) {
  console.error('Sluice needs Node 24 or later, and this is ' + process.version + '.')
  process.exit(1)
}
await import('./main.js')
`,
)
chmodSync(sluice, 0o755)

/** What is not bundled is a dependency of the package, in the very version that the rooms use. */
function externals() {
  const { dependencies } = JSON.parse(readFileSync(join(root, 'apps/cli/package.json'), 'utf8'))
  const rooms = ['apps/gateway', 'packages/sandbox', 'packages/store'].map(
    (room) => JSON.parse(readFileSync(join(root, room, 'package.json'), 'utf8')).dependencies,
  )
  for (const [name, version] of Object.entries(dependencies)) {
    if (!rooms.some((room) => room[name] === version))
      throw new Error(`apps/cli declares ${name} ${version}, which no room uses.`)
  }
  return dependencies
}
