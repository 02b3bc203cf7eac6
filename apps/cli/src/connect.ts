import { existsSync, readFileSync } from 'node:fs'
import { type AdminApi, ApiProblem, adminApi, answers } from './admin-api.ts'
import { working } from './ask.ts'
import { loadCliConfig } from './config.ts'
import { readText } from './read-document.ts'

/**
 * Runs work against the gateway: the one at SLUICE_URL or on this machine; if none answers there, one in this process on a free
 * port, with the same data, for as long as the work takes. It is done with the admin key at hand, or with another.
 */
export async function withGateway<T>(work: (api: AdminApi) => Promise<T>, keyOf = ownKey): Promise<T> {
  const running = await runningGateway(keyOf)
  if (running) return work(running)
  // Imported when it is needed: the gateway is much, and a command that finds one running needs none of its own.
  const { createObserve, loadConfig, start } = await import('@sluice/gateway')
  const config = loadConfig()
  const gateway = await working('Starting a gateway for this command', () =>
    start(
      { ...config, host: '127.0.0.1', port: 0 },
      createObserve('silent', () => {}),
    ),
  )
  try {
    return await work(adminApi(gateway.url, await keyOf()))
  } finally {
    await gateway.stop('the command is done')
  }
}

/** Runs work against a gateway that runs already: for what only it knows. */
export async function withRunningGateway<T>(work: (api: AdminApi) => Promise<T>): Promise<T> {
  const running = await runningGateway()
  if (running) return work(running)
  throw new ApiProblem({ detail: `No gateway runs at ${await gatewayUrl()}. Start one with: sluice start` })
}

/** The gateway that answers, if one does. @throws ApiProblem where SLUICE_URL names one that does not */
export async function runningGateway(keyOf = ownKey): Promise<AdminApi | undefined> {
  const url = await gatewayUrl()
  if (await answers(url)) return adminApi(url, await keyOf())
  if (loadCliConfig().url) throw new ApiProblem({ detail: `No gateway answers at ${url} (SLUICE_URL).` })
  return undefined
}

/** Where commands look for the gateway, without a slash at the end. */
export async function gatewayUrl(): Promise<string> {
  const { url } = loadCliConfig()
  if (url) return url.replace(/\/+$/, '')
  const { loadConfig } = await import('@sluice/gateway')
  return `http://127.0.0.1:${loadConfig().port}`
}

const ownKey = () => adminKey(true)

/** The admin key at hand. @throws ApiProblem when there is none and `needed` */
export async function adminKey(needed: true): Promise<string>
export async function adminKey(needed: false): Promise<string | undefined>
export async function adminKey(needed: boolean): Promise<string | undefined> {
  const given = loadCliConfig().adminKey
  if (given) return given
  const { adminKeyFile, loadConfig } = await import('@sluice/gateway')
  const file = adminKeyFile(loadConfig().dataDir)
  if (existsSync(file)) return readFileSync(file, 'utf8').trim()
  if (!needed) return undefined
  throw new ApiProblem({
    detail: `An admin key is needed: set SLUICE_ADMIN_KEY, or run where ${file} lies. \`sluice admin-key create\` makes another.`,
  })
}

/** What manages workspaces: of a file, of the environment, or as the gateway's own setting. @throws ApiProblem when there is none */
export async function installationKey(file: string | undefined): Promise<string> {
  const { loadConfig } = await import('@sluice/gateway')
  const key =
    file === undefined ? (loadCliConfig().installationKey ?? loadConfig().installationKey) : readText(file).trim()
  if (key) return key
  throw new ApiProblem({
    detail: 'The installation key is needed: set SLUICE_INSTALLATION_KEY, or give --installation-key-file.',
  })
}
