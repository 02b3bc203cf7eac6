import { join } from 'node:path'
import { installApart } from '../support/install-apart.ts'
import { ROOT } from '../support/spawned.ts'
import { ALL_CLIENTS } from './all-clients.ts'
import type { Target } from './client.ts'
import { judgeTrial } from './judge-trial.ts'
import { versionIn } from './load-from.ts'
import { recordRequests, revisionOf } from './record-requests.ts'
import { runApart } from './run-apart.ts'
import type { BookshopGateway } from './start-bookshop-gateway.ts'

/** How a client fared. */
export interface Trial {
  readonly name: string
  readonly version: string
  /** By what it sent; absent where it made no call. */
  readonly revision: string | undefined
  readonly listed: number
  readonly called: number
  readonly seconds: number
  /** Empty where all is well. */
  readonly faults: readonly string[]
}

/** Installs a client where it is not yet, and has it do the task over a recorder of its own. */
export async function tryClient(name: string, gateway: BookshopGateway): Promise<Trial> {
  const client = ALL_CLIENTS[name]!
  const install = client.isApart ? join(import.meta.dirname, 'install', name) : ROOT
  if (client.isApart) installApart(install, `${client.package} for tests/clients`)
  const recorder = await recordRequests(gateway.url)
  const started = performance.now()
  const { reply, output } = await runApart({ name, target: targetOf(name, gateway, recorder.url, install) })
  const seconds = (performance.now() - started) / 1000
  await recorder.close()
  const { exchanges } = recorder
  const faults = 'seen' in reply ? judgeTrial(client, reply.seen, exchanges, gateway.truth) : [reply.fault]
  return {
    name,
    version: versionIn(install, client.package),
    revision: revisionOf(exchanges),
    listed: 'seen' in reply ? reply.seen.tools.length : 0,
    called: exchanges.filter(({ message }) => message.method === 'tools/call').length,
    seconds,
    faults: faults.length > 0 && output !== '' ? [...faults, `It wrote:\n${output}`] : faults,
  }
}

/** All that a client is told leads over the recorder. */
function targetOf(
  name: string,
  { url, accessKey, snippets }: BookshopGateway,
  recorded: string,
  install: string,
): Target {
  const snippet = snippets.find(({ client }) => client === name)?.text.replaceAll(url, recorded)
  return { url: recorded, accessKey, install, snippet }
}
