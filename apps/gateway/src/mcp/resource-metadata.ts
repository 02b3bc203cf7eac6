import { Problem } from '@sluice/contract'
import type { FastifyInstance } from 'fastify'
import { serverUrl } from '../client-snippets.ts'
import type { AdmitDeps } from './admit.ts'
import { scopesNamed } from './grant-of.ts'
import { WELL_KNOWN } from './metadata-url.ts'

/** Tells clients whose access tokens a server takes (RFC 9728). Nothing in it is secret, so any page may read it. */
export async function resourceMetadataRoutes(
  app: FastifyInstance,
  deps: Pick<AdmitDeps, 'keys' | 'serverId' | 'publicUrl'>,
): Promise<void> {
  const options = { config: { anyOrigin: true } }
  app.get<{ Params: { '*': string } }>(`${WELL_KNOWN}/*`, options, async ({ params }, reply) => {
    reply.header('access-control-allow-origin', '*')
    const slug = slugIn(`/${params['*']}`, deps.publicUrl())
    const id = deps.serverId(slug)
    const issuers = id === undefined ? [] : (deps.keys().issuersByServer.get(id) ?? [])
    if (issuers.length === 0)
      throw new Problem('not-found', { detail: 'There is no server here that takes access tokens of an issuer.' })
    const scopes = new Set(issuers.flatMap(({ rules }) => scopesNamed(rules)))
    return {
      resource: serverUrl(deps.publicUrl(), slug),
      authorization_servers: issuers.map(({ issuer }) => issuer),
      ...(scopes.size > 0 ? { scopes_supported: [...scopes] } : {}),
      bearer_methods_supported: ['header'],
    }
  })
}

/** Clients that make the URL themselves put the whole path of the server behind the well-known one (RFC 9728 3.1). */
function slugIn(path: string, publicUrl: string): string {
  const [, before, slug = ''] = /^(.*)\/mcp\/([^/]+)$/.exec(path) ?? []
  return before === '' || before === new URL(publicUrl).pathname ? slug : ''
}
