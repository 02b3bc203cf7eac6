import { request as ask, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http'

/** Passes a request on to `target` as it is but for its headers, and the answer back, streams too; `onAnswer` may look at it. */
export function passOn(
  request: IncomingMessage,
  response: ServerResponse,
  target: URL,
  headers: IncomingHttpHeaders,
  onAnswer: (answer: IncomingMessage) => void = () => {},
): void {
  const passed = ask(target, { method: request.method, headers }, (answer) => {
    onAnswer(answer)
    response.writeHead(answer.statusCode!, answer.headers)
    answer.pipe(response)
  })
  passed.on('error', () => response.destroy())
  response.on('close', () => passed.destroy())
  request.pipe(passed)
}
