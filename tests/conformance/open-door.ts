import { createServer } from 'node:http'
import { type OnLoopback, onLoopback } from '../support/on-loopback.ts'
import { passOn } from '../support/pass-on.ts'

/**
 * The suite sends no access key: this passes its requests on with one, as they are otherwise, streams too. It keeps the `Host` and
 * `Origin` that it was sent.
 */
export async function openDoor(url: string, accessKey: string): Promise<OnLoopback> {
  const target = new URL(url)
  const server = createServer((request, response) => {
    const { host, origin } = request.headers
    passOn(request, response, target, {
      ...request.headers,
      authorization: `Bearer ${accessKey}`,
      host: isOurs(host) ? target.host : host,
      ...(origin && isOurs(new URL(origin).host) ? { origin: target.origin } : {}),
    })
  })
  const { url: own, close } = await onLoopback(server)
  return { url: `${own}${target.pathname}`, close }
}

/** Our own name becomes the gateway's; any other stays, so that the gateway refuses it. */
function isOurs(host: string | undefined): boolean {
  return host !== undefined && /^(127\.0\.0\.1|localhost)(:\d+)?$/.test(host)
}
