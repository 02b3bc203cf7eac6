import { request } from 'node:http'

/** How a call ended, as its client saw it. */
export interface AnsweredCall {
  readonly isError: boolean
  readonly text: string
}

/**
 * One tools/call of 2025-11-25, on a connection of its own.
 * @throws Error with the `code` of the socket where there was no answer; for an answer that is no result
 */
export function callOnce(
  url: string,
  accessKey: string,
  name: string,
  args: object,
  timeoutMs = 60_000,
): Promise<AnsweredCall> {
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name, arguments: args } })
  const headers = {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
    accept: 'application/json, text/event-stream',
    authorization: `Bearer ${accessKey}`,
    'mcp-protocol-version': '2025-11-25',
  }
  return new Promise((resolve, reject) => {
    const sent = request(url, { method: 'POST', headers, agent: false }, async (response) => {
      try {
        const chunks = await response.setEncoding('utf8').toArray()
        const answer = JSON.parse(chunks.join(''))
        if (!answer.result) throw new Error(`${response.statusCode}: ${chunks.join('').slice(0, 300)}`)
        resolve({ isError: answer.result.isError === true, text: answer.result.content[0]?.text ?? '' })
      } catch (error) {
        reject(error)
      }
    })
    sent.setTimeout(timeoutMs, () => sent.destroy(new Error(`no answer within ${timeoutMs} ms`)))
    sent.on('error', reject)
    sent.end(body)
  })
}
