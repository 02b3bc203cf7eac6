import Fastify from 'fastify'
import { expect, test } from 'vitest'
import { resourceMetadataRoutes } from './resource-metadata.ts'
import { knownIssuer } from './test-issuer.ts'

async function statusAt(path: string, publicUrl: string): Promise<unknown[]> {
  const app = Fastify()
  const issuers = [knownIssuer({ url: 'https://login.test' })]
  await app.register(resourceMetadataRoutes, {
    keys: () => ({ keysByHash: new Map(), issuersByServer: new Map([['s', issuers]]) }),
    serverId: (slug: string) => (slug === 'shop' ? 's' : undefined),
    publicUrl: () => publicUrl,
  })
  const { statusCode, body } = await app.inject(`/.well-known/oauth-protected-resource${path}`)
  return [statusCode, statusCode === 200 ? JSON.parse(body).resource : undefined]
}

test.each<[string, string, boolean]>([
  ['/mcp/shop', 'https://sluice.test', true],
  ['/mcp/shop', 'https://sluice.test/tools', true],
  ['/tools/mcp/shop', 'https://sluice.test/tools', true],
  ['/other/mcp/shop', 'https://sluice.test/tools', false],
  ['/tools/mcp/shop', 'https://sluice.test', false],
  ['/mcp/shop/', 'https://sluice.test', false],
  ['/mcp/', 'https://sluice.test', false],
  ['/shop', 'https://sluice.test', false],
  ['/mcp/another', 'https://sluice.test', false],
])('metadata at %s of %s: %s', async (path, publicUrl, isThere) => {
  const [status, resource] = await statusAt(path, publicUrl)
  if (isThere) expect([status, resource]).toEqual([200, `${publicUrl}/mcp/shop`])
  else expect(status).toBeGreaterThanOrEqual(400)
})
