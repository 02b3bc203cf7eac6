import type { Issuer } from '@sluice/contract'
import { type AdminApi, ApiProblem, at } from '../admin-api.ts'
import { changesOf, command, given, group, several, UsageFault } from '../command.ts'
import { withGateway } from '../connect.ts'
import { answer, count, fields, listing } from '../print.ts'
import { readRule, ruleText } from '../read-rule.ts'

export function issuerCommands() {
  return group('issuer', 'issuers whose access tokens open servers, beside access keys', [
    list(),
    add(),
    edit(),
    show(),
    remove(),
  ])
}

function list() {
  return command('list', 'list the issuers', ['sluice issuer list']).action(async (options) => {
    const items = await withGateway((api) => api.list<Issuer>('/issuers'))
    const rows = items.map(({ id, name, issuer, servers, rules }) => [
      id,
      name,
      issuer,
      servers.join(', '),
      rules.length > 0 ? count(rules.length, 'rule') : 'every tool',
    ])
    answer(options, { items }, () =>
      listing(rows, ['ID', 'NAME', 'ISSUER', 'SERVERS', 'RIGHTS'], 'There are no issuers.'),
    )
  })
}

function add() {
  return command('add', 'take access tokens (JWT) of an issuer', [
    'sluice issuer add https://login.example.com/realms/shop --server bookshop',
    'sluice issuer add https://login.example.com --server bookshop --rule "scope=books:read read-only" --rule scope=books:write',
    'sluice issuer add https://login.example.com --server bookshop --rule "claim=realm_access.roles=agent tag=orders tool=get_book"',
    'sluice issuer add http://keycloak:8080/realms/shop --server bookshop --allow keycloak:8080',
  ])
    .argument('<issuer>', 'its URL, letter by letter as `iss` in its tokens has it')
    .option('--server <slug>', 'a server that its tokens open', several)
    .option('--name <name>', 'what people call it')
    .option('--rule <rule>', RULE, several)
    .option('--jwks-uri <url>', 'where its keys lie, if its metadata does not say')
    .option('--audience <audience>', AUDIENCE, several)
    .option('--algorithm <alg>', ALGORITHM, several)
    .option('--allow <host>', ALLOW, several)
    .action((issuer, options) => {
      const { server, name, rule = [], jwksUri, audience, algorithm, allow } = options
      if (!server) throw new UsageFault('Name the server that its access tokens open: --server SLUG.')
      return withGateway(async (api) => {
        const body = {
          name: name ?? hostOf(issuer),
          issuer,
          servers: server,
          rules: await readRules(api, rule),
          ...given({ jwksUri, audiences: audience, algorithms: algorithm, allow }),
        }
        const added = await api.request<Issuer>('POST', '/issuers', body)
        answer(options, added, () => `${issuerText(added)}\n\n${added.servers.join(', ')} takes its access tokens now.`)
      })
    })
}

const RULE = 'scope=S, claim=NAME=VALUE, and then tool=T, tag=T, read-only; any rule may hold'
const AUDIENCE = 'a value of `aud` that is accepted beside the URL of the server'
const ALGORITHM = 'only this signature (RS256, ES256 …)'
const ALLOW = 'a private host or range where its keys lie; for owners'
const NONE = 'none'

function edit() {
  return command('edit', 'change what an issuer’s access tokens open, or where its keys lie', [
    'sluice issuer edit "Company login" --server bookshop --server orders',
    'sluice issuer edit "Company login" --rule "scope=books:read read-only" --rule scope=books:write',
    'sluice issuer edit "Company login" --rule none --audience none',
  ])
    .argument('<issuer>', 'its name or id')
    .option('--server <slug>', 'a server that its tokens open; these come in place of those it has', several)
    .option('--name <name>', 'what people call it')
    .option('--issuer <url>', 'its URL, where it has moved')
    .option('--rule <rule>', `${RULE}; none: every tool`, several)
    .option('--jwks-uri <url>', 'where its keys lie; none: where its metadata says')
    .option('--audience <audience>', `${AUDIENCE}; none: no other`, several)
    .option('--algorithm <alg>', ALGORITHM, several)
    .option('--allow <host>', `${ALLOW}; none: no private one`, several)
    .action((meant, options) => {
      const { rule, jwksUri, audience, allow, server, algorithm, ...plain } = changesOf(options)
      return withGateway(async (api) => {
        const { id } = await findIssuer(api, meant)
        const rules = rule && (await readRules(api, orNone(rule)))
        const lists = { audiences: audience && orNone(audience), allow: allow && orNone(allow) }
        const where = { servers: server, algorithms: algorithm, jwksUri: jwksUri === NONE ? null : jwksUri }
        const edited = await api.request<Issuer>(
          'PATCH',
          at`/issuers/${id}`,
          given({ ...plain, ...where, ...lists, rules }),
        )
        answer(options, edited, () => issuerText(edited))
      })
    })
}

function orNone(values: readonly string[]): readonly string[] {
  return values.length === 1 && values[0] === NONE ? [] : values
}

function hostOf(issuer: string): string {
  if (URL.canParse(issuer)) return new URL(issuer).host
  throw new UsageFault(`The issuer is a URL such as https://login.example.com/realms/shop, not "${issuer}".`)
}

async function readRules(api: AdminApi, texts: readonly string[]) {
  const rules = []
  for (const text of texts) rules.push(await readRule(api, text))
  return rules
}

function show() {
  return command('show', 'say what an issuer’s access tokens open', ['sluice issuer show "Company login"'])
    .argument('<issuer>', 'its name or id')
    .action(async (meant, options) => {
      const issuer = await withGateway((api) => findIssuer(api, meant))
      answer(options, issuer, () => issuerText(issuer))
    })
}

function issuerText(issuer: Issuer): string {
  const { id, name, servers, jwksUri, audiences, algorithms, rules, allow, createdAt } = issuer
  return fields({
    id,
    name,
    issuer: issuer.issuer,
    servers: servers.join(', '),
    rights: rules.length === 0 ? 'every tool' : rules.map(ruleText).join('; or '),
    keys: jwksUri ?? 'as its metadata says',
    audiences: ['the URL of the server', ...audiences].join(', '),
    signatures: algorithms.join(', '),
    allowed: allow.join(', '),
    created: createdAt,
  })
}

function remove() {
  return command('remove', 'take no access tokens of an issuer any more; it stops within a second', [
    'sluice issuer remove "Company login"',
  ])
    .argument('<issuer>', 'its name or id')
    .action((meant, options) =>
      withGateway(async (api) => {
        const { id, name } = await findIssuer(api, meant)
        await api.request('DELETE', at`/issuers/${id}`)
        answer(options, { deleted: id }, () => `Removed ${name}: its access tokens open nothing any more.`)
      }),
    )
}

/** @throws ApiProblem when there is none, or more than one of that name */
async function findIssuer(api: AdminApi, meant: string): Promise<Issuer> {
  const found = (await api.list<Issuer>('/issuers')).filter(({ id, name }) => id === meant || name === meant)
  if (found.length === 1) return found[0]!
  const detail =
    found.length === 0
      ? `There is no issuer "${meant}". \`sluice issuer list\` shows them.`
      : `There are ${found.length} issuers "${meant}": give the id of one, ${found.map(({ id }) => id).join(' or ')}.`
  throw new ApiProblem({ code: 'not-found', status: 404, detail })
}
