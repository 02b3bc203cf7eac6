import { existsSync, readFileSync } from 'node:fs'
import { adminKeyFile, createObserve, loadConfig, start } from '@sluice/gateway'
import { type AdminApi, ApiProblem, adminApi, answers } from './admin-api.ts'
import { loadCliConfig } from './config.ts'

/**
 * Runs work against the gateway: the one at SLUICE_URL or on this machine; if none answers there, one in this process on a free
 * port, with the same data, for as long as the work takes.
 */
export async function withGateway<T>(work: (api: AdminApi) => Promise<T>): Promise<T> {
  const cli = loadCliConfig()
  const config = loadConfig()
  const url = cli.url ?? `http://127.0.0.1:${config.port}`
  if (await answers(url)) return work(adminApi(url, keyOf(cli.adminKey, config.dataDir)))
  if (cli.url) throw new ApiProblem({ detail: `No gateway answers at ${cli.url} (SLUICE_URL).` })
  const gateway = await start(
    { ...config, host: '127.0.0.1', port: 0 },
    createObserve('silent', () => {}),
  )
  try {
    return await work(adminApi(gateway.url, keyOf(cli.adminKey, config.dataDir)))
  } finally {
    await gateway.stop('the command is done')
  }
}

function keyOf(given: string | undefined, dataDir: string): string {
  if (given) return given
  const file = adminKeyFile(dataDir)
  if (existsSync(file)) return readFileSync(file, 'utf8').trim()
  throw new ApiProblem({
    detail: `An admin key is needed: set SLUICE_ADMIN_KEY, or run where ${file} lies. \`sluice admin-key create\` makes another.`,
  })
}
