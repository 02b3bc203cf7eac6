import type { BundleFile } from '@sluice/contract'
import { ask } from './admin.ts'
import { type DatabaseKind, type GatewayHome, type GatewayProcess, newHome, startGateway } from './gateway-process.ts'

/** Two gateways, each with a home of its own: what one exports, another takes. */
export interface TwoGateways {
  readonly one: GatewayProcess
  readonly other: GatewayProcess
  /** Of the first. */
  readonly home: GatewayHome
  readonly end: () => Promise<void>
}

export async function startTwoGateways(kind: DatabaseKind): Promise<TwoGateways> {
  const [home, otherHome] = [await newHome(kind), await newHome(kind)]
  const [one, other] = [await startGateway(home), await startGateway(otherHome)]
  const end = async () => {
    for (const gateway of [one, other]) await gateway.end('SIGTERM')
    for (const each of [home, otherHome]) await each.remove()
  }
  return { one, other, home, end }
}

/** What a gateway exports of all that it has. */
export async function exportedFiles(gateway: GatewayProcess): Promise<BundleFile[]> {
  return (await ask(gateway, 'GET', '/bundle')).body.files
}
