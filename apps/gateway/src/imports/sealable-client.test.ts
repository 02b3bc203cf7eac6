import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createEgress } from '@sluice/egress'
import { describe, expect, onTestFinished, test } from 'vitest'
import { sealableClient } from './sealable-client.ts'

/** An OpenID provider whose discovery document is this text, and what it was asked for. */
async function provider(answer: (url: string) => string) {
  const asked: string[] = []
  const server = createServer((request, response) => {
    asked.push(request.url!)
    response.end(answer(url))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const url = `http://127.0.0.1:${port}`
  onTestFinished(() => void server.close())
  return { asked, url, host: `127.0.0.1:${port}` }
}

function sealed(url: string, allow: readonly string[]) {
  const egress = createEgress({ allow: [], allowSetting: 'EGRESS_ALLOW' })
  onTestFinished(() => egress.close())
  const oauth = { grant: 'client_credentials', clientId: 'a', clientSecret: 'b' } as const
  const declared = { type: 'openIdConnect', url: `${url}/.well-known/openid-configuration` }
  const upstream = { baseUrl: 'https://api.test', allow, securitySchemes: { oidc: declared } }
  return sealableClient({ oauth }, 'oidc', upstream, egress.send)
}

describe('B148 where an OpenID provider’s tokens come from', () => {
  test('is what its discovery document says', async () => {
    const { url, host, asked } = await provider((own) => JSON.stringify({ token_endpoint: `${own}/token` }))
    expect((await sealed(url, [host])).tokenGrant?.tokenUrl).toBe(`${url}/token`)
    expect(asked).toEqual(['/.well-known/openid-configuration'])
  })

  test('is not asked of a private address that nobody allowed', async () => {
    const { url, asked } = await provider(() => '{}')
    await expect(sealed(url, [])).rejects.toMatchObject({ code: 'address-blocked' })
    expect(asked).toEqual([])
  })

  test.each(['{}', 'no JSON', '{"token_endpoint":"file:///etc/passwd"}', '{"token_endpoint":"http://a:b@x.test"}'])(
    'is not known by %s, and that is said',
    async (text) => {
      const { url, host } = await provider(() => text)
      await expect(sealed(url, [host])).rejects.toMatchObject({
        code: 'credential-mismatch',
        errors: [{ pointer: '/oauth/tokenUrl' }],
      })
    },
  )
})
