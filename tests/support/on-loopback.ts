import { once } from 'node:events'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A server that listens on a free port of loopback. */
export interface OnLoopback {
  readonly url: string
  /** Cuts its connections, too. */
  close(): Promise<void>
}

export async function onLoopback(server: Server): Promise<OnLoopback> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
