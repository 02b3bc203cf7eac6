import { connect } from 'node:net'

/** How much is asked of a server on loopback, and how fast. */
export interface SocketLoad {
  readonly port: number
  readonly requests: number
  readonly connections: number
  /** Absent: each connection asks again as soon as it is answered. */
  readonly perSecond?: number
  /** The bytes of the request of that number. */
  readonly requestOf: (number: number) => Buffer
  /** A body that is shorter is no answer. */
  readonly leastBytes: number
}

/** What it took, in milliseconds: all of it, and each request from when it was due. */
export interface LoadTimes {
  readonly ms: number
  readonly each: readonly number[]
}

/**
 * Asks so much, each answer read to its end. Written to the sockets as bytes: a client that does more leaves the server waiting.
 * @throws Error for an answer that is not 200
 */
export async function socketLoad(load: SocketLoad): Promise<LoadTimes> {
  const { requests, connections, perSecond, requestOf } = load
  const started = performance.now()
  const each: number[] = []
  let next = 0
  const nextRequest = async (): Promise<Asked | undefined> => {
    const number = next++
    if (number >= requests) return undefined
    if (perSecond === undefined) return { bytes: requestOf(number), at: performance.now() }
    // Later requests do not wait for an answer that is late, so the wait counts from when each was due.
    const at = started + (number / perSecond) * 1_000
    const early = at - performance.now()
    if (early > 0) await new Promise((resolve) => setTimeout(resolve, early))
    return { bytes: requestOf(number), at }
  }
  const answered = ({ at }: Asked) => void each.push(performance.now() - at)
  await Promise.all(Array.from({ length: connections }, () => runConnection(load, nextRequest, answered)))
  return { ms: performance.now() - started, each }
}

interface Asked {
  readonly bytes: Buffer
  /** When it was due. */
  readonly at: number
}

/** One request after the other, as long as there are any. */
function runConnection(
  { port, leastBytes }: SocketLoad,
  nextRequest: () => Promise<Asked | undefined>,
  answered: (asked: Asked) => void,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true })
    let [left, isChunked] = [0, false]
    let asked: Asked | undefined
    const ask = async () => {
      asked = await nextRequest()
      if (asked) socket.write(asked.bytes)
      else socket.end(resolve)
    }
    socket.on('connect', () => void ask())
    socket.on('error', reject)
    socket.on('data', (chunk: Buffer) => {
      if (left === 0 && !isChunked) {
        const end = chunk.indexOf('\r\n\r\n')
        const head = chunk.toString('latin1', 0, end)
        const length = Number(/content-length: (\d+)/i.exec(head)?.[1])
        isChunked = /transfer-encoding: chunked/i.test(head)
        if (!head.startsWith('HTTP/1.1 200') || (!isChunked && !(length >= leastBytes)))
          reject(new Error(chunk.toString().slice(0, 500)))
        if (!isChunked) left = length + end + '\r\n\r\n'.length
      }
      if (isChunked) isChunked = !chunk.subarray(-5).equals(LAST_CHUNK)
      else left -= chunk.length
      if (left > 0 || isChunked) return
      answered(asked!)
      void ask()
    })
  })
}

const LAST_CHUNK = Buffer.from('0\r\n\r\n')

/** The bytes of a POST of JSON. */
export function postBytes(path: string, headers: Readonly<Record<string, string>>, body: string): Buffer {
  const lines = [
    `POST ${path} HTTP/1.1`,
    'host: 127.0.0.1',
    'content-type: application/json',
    `content-length: ${Buffer.byteLength(body)}`,
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
  ]
  return Buffer.from(`${lines.join('\r\n')}\r\n\r\n${body}`)
}

/** As many digits in each request: it is written once and its number put in. */
export const FIRST_NUMBER = 10_000_000

/** Requests that differ in their number only, which stands in `template` as `FIRST_NUMBER`, wherever it does. */
export function numbered(template: Buffer): (number: number) => Buffer {
  const places: number[] = []
  for (let at = template.indexOf(DIGITS); at >= 0; at = template.indexOf(DIGITS, at + 1)) places.push(at)
  return (number) => {
    if (places.length === 0) return template
    const request = Buffer.from(template)
    for (const at of places) request.write(String(FIRST_NUMBER + number), at)
    return request
  }
}

const DIGITS = String(FIRST_NUMBER)
