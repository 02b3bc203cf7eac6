import type { Credential, CredentialTest, SetCredential, Upstream } from '@sluice/contract'
import { type AdminApi, ApiProblem, at } from '../admin-api.ts'
import { askSecret, working } from '../ask.ts'
import { command, Ended, given, group, several, UsageFault } from '../command.ts'
import { withGateway } from '../connect.ts'
import { answer, listing, paint, safe } from '../print.ts'
import { credentialOf } from '../read-credential.ts'

export function credentialCommands() {
  return group('credential', 'what is presented to the APIs; sealed, never shown', [list(), set(), test(), remove()])
}

function list() {
  return command('list', 'list the credentials of an upstream', ['sluice credential list bookshop'])
    .argument('<upstream>')
    .action(async (upstream, options) => {
      const items = await withGateway((api) => api.list<Credential>(at`/upstreams/${upstream}/credentials`))
      const rows = items.map(({ scheme, kind, origins, updatedAt }) => [scheme, kind, origins.join(', '), updatedAt])
      answer(options, { items }, () =>
        listing(rows, ['SCHEME', 'KIND', 'SENT TO', 'SET'], `None is set: sluice credential set ${upstream}`),
      )
    })
}

const PLACES = ['bearer', 'basic', 'headers', 'header:NAME', 'query:NAME', 'cookie:NAME']

function set() {
  return command('set', 'set a credential; its secret is typed unseen, or read from standard input', [
    'sluice credential set bookshop',
    'printf %s "$BOOKSHOP_KEY" | sluice credential set bookshop shopKey',
    'sluice credential set bookshop basicAuth --username ada < password.txt',
    'sluice credential set bookshop tenant --place header:X-Tenant < tenant.txt',
    `sluice credential set bookshop extra --place headers <<< '{"headers": {"X-A": "…", "X-B": "…"}}'`,
  ])
    .argument('<upstream>')
    .argument('[scheme]', 'name of the security scheme; may be left out where there is one')
    .option('--username <name>', 'of HTTP basic; the secret is then the password')
    .option('--place <place>', `where it goes, for a scheme that no document declares: ${PLACES.join(', ')}`)
    .option('--origin <origin>', 'who may see it; by default the origin of the base URL', several)
    .action((upstream, scheme, options) =>
      withGateway(async (api) => {
        const named = scheme ?? (await onlyScheme(api, upstream))
        const path = at`/upstreams/${upstream}/credentials/${named}`
        const { username, place, origin } = options
        const secret = await askSecret(username ? `Password of ${username}` : `Secret for ${named} of ${upstream}`)
        const body: SetCredential = {
          ...(username ? { username, password: secret } : credentialOf<SetCredential>(secret, 'The secret')),
          ...given({ placement: place && placementOf(place), origins: origin }),
        } as SetCredential
        const credential = await api.request<Credential>('PUT', path, body)
        answer(options, credential, () => setText(credential))
      }),
    )
}

function setText({ upstream, scheme, kind, origins }: Credential): string {
  return `Set ${scheme} (${kind}), sent to ${origins.join(', ')} only. Try it: sluice credential test ${upstream} ${scheme}`
}

/** The scheme that can only be meant. @throws ApiProblem */
async function onlyScheme(api: AdminApi, upstream: string): Promise<string> {
  const { securitySchemes } = await api.request<Upstream>('GET', at`/upstreams/${upstream}`)
  const names = Object.keys(securitySchemes)
  if (names.length === 1) return names[0]!
  const detail =
    names.length === 0
      ? 'Its document declares no security scheme: name one of your own, and say with --place where it goes.'
      : `Say which security scheme: ${names.join(', ')}.`
  throw new ApiProblem({ code: 'invalid-request', detail })
}

function placementOf(place: string): NonNullable<SetCredential['placement']> {
  if (place === 'bearer' || place === 'basic') return { type: 'http', scheme: place }
  if (place === 'headers') return { type: 'headers' }
  const [where, name] = place.split(':')
  if ((where === 'header' || where === 'query' || where === 'cookie') && name)
    return { type: 'apiKey', in: where, name }
  throw new UsageFault(`--place is one of ${PLACES.join(', ')}.`)
}

function test() {
  return command('test', 'try a credential with one harmless GET', [
    'sluice credential test bookshop shopKey',
    'sluice credential test bookshop shopKey --path /me',
  ])
    .argument('<upstream>')
    .argument('[scheme]', 'name of the security scheme; may be left out where there is one')
    .option('--path <path>', 'below the base URL; by default a GET without required arguments')
    .action((upstream, scheme, options) =>
      withGateway(async (api) => {
        const path = at`/upstreams/${upstream}/credentials/${scheme ?? (await onlyScheme(api, upstream))}/test`
        const tested = await working('Trying the credential', () =>
          api.request<CredentialTest>('POST', path, given({ path: options.path })),
        )
        answer(options, tested, () => testText(tested))
        if (!tested.ok) throw new Ended(1)
      }),
    )
}

function testText({ ok, method, url, status, message }: CredentialTest): string {
  return `${paint(ok ? 'green' : 'red', ok ? 'It works.' : 'It does not work.')} ${method} ${safe(url)}: ${status ?? 'no answer'}\n${safe(message)}`
}

function remove() {
  return command('remove', 'delete a credential and its secret', ['sluice credential remove bookshop shopKey'])
    .argument('<upstream>')
    .argument('<scheme>')
    .action(async (upstream, scheme, options) => {
      await withGateway((api) => api.request('DELETE', at`/upstreams/${upstream}/credentials/${scheme}`))
      answer(options, { removed: scheme }, () => `Removed ${scheme} of ${upstream}.`)
    })
}
