import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { ApiProblem, adminApi } from './admin-api.ts'

let server: Server
afterEach(() => {
  server?.close()
  server?.closeAllConnections()
})

describe('a gateway that does not answer as one is told in words, and nothing breaks', () => {
  test('the connection ends before an answer, within one, and within a stream', async () => {
    const url = await served((request, response) => {
      if (request.url === '/api/v1/servers') return request.socket.destroy()
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': 100 })
      response.write('{"it')
      setTimeout(() => response.destroy(), 20)
    })
    const api = adminApi(url, 'sla_key')
    const stream = async () => {
      for await (const _ of await api.stream('/calls.csv'));
    }
    for (const asked of [
      () => api.request('GET', '/servers'),
      () => api.bytes('/backup'),
      () => api.list('/x'),
      stream,
    ])
      expect(await failureOf(asked())).toMatch(new RegExp(`gateway at ${url} .*before you ask again`))
  })

  test('something else answers there', async () => {
    const url = await served((_, response) => response.end('<html>Please log in</html>'))
    expect(await failureOf(adminApi(url, 'sla_key').list('/servers'))).toBe(
      `What answers at ${url} is no gateway of Sluice, or something stands before it: its answer is not JSON.`,
    )
  })

  test('S39 a key that no header can hold is not shown', async () => {
    for (const key of ['sla_one\nsla_two', 'ключ'])
      expect(await failureOf((async () => adminApi('http://127.0.0.1:1', key).request('GET', '/servers'))())).toBe(
        'The key has spaces or characters that no key has. Look at what SLUICE_ADMIN_KEY or the key file holds.',
      )
  })
})

async function served(answer: RequestListener): Promise<string> {
  server = createServer(answer)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

async function failureOf(asked: Promise<unknown>): Promise<string> {
  const error = await asked.then(
    () => new Error('it was answered'),
    (thrown) => thrown,
  )
  expect(error).toBeInstanceOf(ApiProblem)
  return error.message
}
