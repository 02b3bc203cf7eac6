import {
  Credential,
  CredentialTest,
  Page,
  PageQuery,
  type SecurityScheme,
  SetCredential,
  TestCredential,
} from '@sluice/contract'
import {
  deleteCredential,
  findCredential,
  findUpstream,
  listCredentials,
  type StoredCredential,
  setCredential,
} from '@sluice/store'
import { sealableCredential } from '../imports/choose-credential.ts'
import { sealableClient } from '../imports/sealable-client.ts'
import { sendFor } from '../imports/send-for.ts'
import type { AdminDeps } from './deps.ts'
import { ByScheme, ByUpstream } from './params.ts'
import { type AdminRoute, existing, route } from './route.ts'
import { testCredential } from './test-credential.ts'

/** What is presented to the APIs: sealed, bound to origins, never returned. */
export function credentialRoutes(deps: AdminDeps): AdminRoute[] {
  const { store, sealer, refresh } = deps
  const tag = 'Credentials'
  return [
    route(
      {
        method: 'GET',
        path: '/upstreams/:upstream/credentials',
        operationId: 'list_credentials',
        tag,
        summary: 'List the credentials of an upstream, without their secrets',
        role: 'viewer',
        params: ByUpstream,
        query: PageQuery(['scheme', '-scheme'], {}),
        status: 200,
        answers: 'One page of credentials.',
        answer: Page(Credential),
        problems: ['not-found'],
      },
      async ({ admin, params, query }) => {
        const page = await listCredentials(store, admin.workspaceId, params.upstream, query)
        return { ...page, items: page.items.map(toCredential) }
      },
    ),
    route(
      {
        method: 'GET',
        path: '/upstreams/:upstream/credentials/:scheme',
        operationId: 'get_credential',
        tag,
        summary: 'Read what is known of one credential, without its secret',
        role: 'viewer',
        params: ByScheme,
        status: 200,
        answers: 'What is known of the credential.',
        answer: Credential,
        etag: 'gives',
        problems: ['not-found'],
      },
      async ({ admin, params }) => {
        const found = await findCredential(store, admin.workspaceId, params.upstream, params.scheme)
        return toCredential(existing(found, 'credential'))
      },
    ),
    route(
      {
        method: 'PUT',
        path: '/upstreams/:upstream/credentials/:scheme',
        operationId: 'set_credential',
        tag,
        summary: 'Set the credential for one security scheme',
        description:
          'Give `value` for a key or token, `username` and `password` for basic, `headers`, or `oauth` for a client that gets its access tokens. For a scheme that the document does not declare, say with `placement` where it goes.',
        role: 'editor',
        params: ByScheme,
        body: SetCredential,
        status: 200,
        answers: 'What is known of the credential.',
        answer: Credential,
        etag: 'takes',
        problems: ['not-found', 'credential-mismatch'],
      },
      async ({ admin, by, params, body, check }) => {
        const upstream = existing(await findUpstream(store, admin.workspaceId, params.upstream), 'upstream')
        const credential = body.oauth
          ? await sealableClient(body, params.scheme, upstream, sendFor(admin.workspaceId, deps.imports.send))
          : sealableCredential(body, params.scheme, upstream)
        const checkStored = (current: StoredCredential | undefined) => check(current && toCredential(current))
        const request = { ...by, check: checkStored, upstream: params.upstream, credential }
        const stored = await setCredential(store, request, sealer.seal)
        await refresh()
        return toCredential(stored)
      },
    ),
    route(
      {
        method: 'DELETE',
        path: '/upstreams/:upstream/credentials/:scheme',
        operationId: 'delete_credential',
        tag,
        summary: 'Delete a credential and its secret',
        role: 'editor',
        params: ByScheme,
        status: 204,
        answers: 'The credential and its secret are gone.',
        answer: null,
        etag: 'takes',
        problems: ['not-found'],
      },
      async ({ by, params, check }) => {
        const checkStored = (current: StoredCredential) => check(toCredential(current))
        existing(await deleteCredential(store, { ...by, ...params, check: checkStored }), 'credential')
        await refresh()
      },
    ),
    route(
      {
        method: 'POST',
        path: '/upstreams/:upstream/credentials/:scheme/test',
        operationId: 'test_credential',
        tag,
        summary: 'Try a credential with one harmless GET',
        role: 'editor',
        params: ByScheme,
        body: TestCredential,
        status: 200,
        answers: 'What the API answered, and what that means.',
        answer: CredentialTest,
        problems: ['not-found'],
      },
      ({ admin, params, body, signal }) => testCredential(admin, { ...params, ...body }, signal, deps),
    ),
  ]
}

function toCredential({ declared, isPlaced: _isPlaced, ...credential }: StoredCredential): Credential {
  return { ...credential, kind: credential.tokenGrant ? GRANTS[credential.tokenGrant.grant] : sayScheme(declared) }
}

const GRANTS = {
  client_credentials: 'OAuth client that gets access tokens',
  refresh_token: 'OAuth refresh token that gets access tokens',
} as const

function sayScheme(scheme: SecurityScheme | undefined): string {
  switch (scheme?.type) {
    case 'apiKey':
      return `API key in the ${scheme.in} "${scheme.name}"`
    case 'http':
      return `HTTP ${scheme.scheme}`
    case 'headers':
      return 'custom headers'
    case 'oauth2':
    case 'openIdConnect':
      return 'OAuth access token'
    default:
      return 'a scheme that the document does not declare any more'
  }
}
