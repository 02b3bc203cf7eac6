import { ask } from './admin.ts'
import { type GatewayHome, type GatewayProcess, newHome, startGateway } from './gateway-process.ts'
import { largeApi } from './large-api.ts'
import { type Site, type SiteAnswer, startSite } from './site.ts'

type Kind = Parameters<typeof newHome>[0]

/** A gateway of its own that serves a large API on loopback, all of its tools enabled. */
export interface LargeServer {
  readonly api: Site
  readonly home: GatewayHome
  readonly gateway: GatewayProcess
  /** Opens all tools. */
  readonly endpoint: { readonly url: string; readonly accessKey: string }
  readonly slug: string
  readonly close: () => Promise<void>
}

export async function startLargeServer(
  kind: Kind,
  answer: (request: Site['asked'][number]) => SiteAnswer | Promise<SiteAnswer>,
): Promise<LargeServer> {
  const api = await startSite(answer)
  const home = await newHome(kind)
  const gateway = await startGateway(home)
  const imported = { text: largeApi(api.url), allow: [new URL(api.url).host], enable: 'all' }
  const { body } = await ask(gateway, 'POST', '/imports?commit=true', imported)
  return {
    api,
    home,
    gateway,
    endpoint: { url: body.url, accessKey: body.accessKey },
    slug: body.url.split('/').at(-1),
    close: async () => {
      await gateway.end('SIGTERM')
      await home.remove()
      await api.close()
    },
  }
}
