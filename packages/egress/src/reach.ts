import { buildConnector } from 'undici'
import { parseAllowList } from './allow-list.ts'
import { describeFailure } from './describe-failure.ts'
import { diallingOf, hostnameOf, type LaneLimits, type LaneOptions } from './lanes.ts'
import { readTarget } from './read-target.ts'

/**
 * Connects to where a URL leads as a call would, TLS included, and hangs up: no request is sent.
 * @throws CallFailure that says why a call could not be made
 */
export async function reach(url: string, limits: LaneLimits, options: LaneOptions): Promise<void> {
  const target = readTarget({ method: 'GET', url, headers: [] })
  const connect = buildConnector(diallingOf(target, parseAllowList(options.allow), limits, options))
  const { host, protocol, port } = target
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  connect({ hostname: hostnameOf(target), host, protocol, port }, (error, socket) => {
    socket?.destroy()
    if (error) reject(describeFailure(error, host, 'GET'))
    else resolve()
  })
  await promise
}
