// fastmcp of npm, from a document: `node serve-fastmcp.mjs <file> <port> <tuned or default>`.
import { readFileSync } from 'node:fs'
import { fromOpenAPI } from 'fastmcp/openapi'

const [file, port, how] = process.argv.slice(2)
const server = await fromOpenAPI({ spec: JSON.parse(readFileSync(file, 'utf8')) })
// What its documentation offers for load: no sessions, and plain JSON instead of a stream for each answer.
const tuned = how === 'tuned' ? { stateless: true, enableJsonResponse: true } : {}
await server.start({ transportType: 'httpStream', httpStream: { port: Number(port), host: '127.0.0.1', ...tuned } })
