import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Spawned, spawned } from './spawned.ts'

/** A gateway in a process of its own, on an empty data folder unless it is given one, with no limit on calls that repeat. */
export interface UnlimitedGateway {
  readonly url: string
  readonly adminKey: string
  readonly child: Spawned
  readonly close: () => Promise<void>
}

/** `preload`: modules that the process loads before the gateway. */
export async function startUnlimitedGateway(
  env: Readonly<Record<string, string>>,
  preload: readonly string[] = [],
): Promise<UnlimitedGateway> {
  const dataDir = env.DATA_DIR ?? mkdtempSync(join(tmpdir(), 'sluice-unlimited-'))
  const imports = [...preload, './scripts/fast-resolve.mjs'].flatMap((module) => ['--import', module])
  const settings = { PORT: '0', LOG_FORMAT: 'json', DATA_DIR: dataDir, SAME_CALLS_PER_MINUTE: '0' }
  const child = spawned([], { ...settings, ...env }, [
    process.execPath,
    // As the image starts it.
    '--max-semi-space-size=16',
    ...imports,
    'apps/gateway/src/main.ts',
  ])
  const { url } = JSON.parse(await child.firstLine) as { url: string }
  return {
    url,
    adminKey: readFileSync(join(dataDir, 'admin.key'), 'utf8').trim(),
    child,
    close: async () => {
      await child.end('SIGTERM')
      if (env.DATA_DIR === undefined) rmSync(dataDir, { recursive: true, force: true })
    },
  }
}
