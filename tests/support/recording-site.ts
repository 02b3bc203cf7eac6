import { createServer } from 'node:http'
import { type OnLoopback, onLoopback } from './on-loopback.ts'

/** An API that answers everything, and keeps the bytes of each request. */
export interface RecordingSite extends OnLoopback {
  /** What came since it was last asked: method, target, headers as they came, and the body. */
  readonly taken: () => string[]
}

export async function startRecordingSite(answer: string): Promise<RecordingSite> {
  let requests: string[] = []
  // Longer than this process is ever busy: a connection that ends meanwhile would cost a call that is not sent again.
  const options = { maxHeaderSize: 256 * 1024, keepAliveTimeout: 120_000 }
  const server = createServer(options, async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const { method, url, rawHeaders } = request
    requests.push(`${method} ${url}\n${rawHeaders.join('\n')}\n\n${Buffer.concat(chunks).toString('latin1')}`)
    response.writeHead(200, { 'content-type': 'application/json' }).end(method === 'HEAD' ? '' : answer)
  })
  return {
    ...(await onLoopback(server)),
    taken: () => {
      const all = requests
      requests = []
      return all
    },
  }
}
