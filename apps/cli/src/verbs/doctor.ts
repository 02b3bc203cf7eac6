import {
  type AccessKey,
  type Admin,
  type AuditVerification,
  type CallStats,
  type Credential,
  type CredentialTest,
  canPresent,
  type Installation,
  type Issuer,
  type SecurityScheme,
  type Server,
  type Upstream,
  type UpstreamTest,
} from '@sluice/contract'
import { type AdminApi, ApiProblem, at, queryText } from '../admin-api.ts'
import { working } from '../ask.ts'
import { command, Ended } from '../command.ts'
import { runningGateway, withGateway } from '../connect.ts'
import { examineInstallation } from '../examine-installation.ts'
import { type Finding, fault, good, warning } from '../finding.ts'
import { answer, count, paint, safe } from '../print.ts'

export function doctorCommand() {
  return command('doctor', 'look at everything, and say what is wrong and what to do', [
    'sluice doctor',
    'SLUICE_URL=https://sluice.example.com sluice doctor --json',
  ])
    .addHelpText(
      'after',
      '\nConnects to each API, and tries each credential with one harmless GET. Ends with 1 if something does not work.',
    )
    .action(async (options) => {
      const findings = await examine()
      const faults = findings.filter(({ state }) => state === 'fault').length
      answer(options, { findings }, () => [...findings.map(lineOf), '', verdict(findings)].join('\n'))
      if (faults > 0) throw new Ended(1)
    })
}

const MARKS = { good: ['green', '✓'], warning: ['yellow', '!'], fault: ['red', '✗'] } as const

function lineOf({ state, text }: Finding): string {
  const [colour, mark] = MARKS[state]
  return `${paint(colour, mark)} ${text.split('\n').map(safe).join('\n  ')}`
}

function verdict(findings: readonly Finding[]): string {
  const of = (state: Finding['state']) => findings.filter((one) => one.state === state).length
  if (of('fault') > 0) return `${count(of('fault'), 'thing')} to mend.`
  return of('warning') === 0 ? 'Nothing is wrong.' : `Nothing is broken; ${count(of('warning'), 'thing')} to look at.`
}

/** Goes on as far as it gets: what cannot be reached is a finding too. */
async function examine(): Promise<Finding[]> {
  const findings: Finding[] = [good(`Node ${process.version}`)]
  try {
    const isRunning = (await runningGateway()) !== undefined
    await withGateway(async (api) => {
      findings.push(
        isRunning
          ? good(`The gateway answers at ${api.url}`)
          : warning('No gateway runs: agents cannot connect. Start one: sluice start'),
        await database(api),
        ...(await installation(api)),
        ...(await working('Looking at everything', (say) => inside(api, say))),
      )
    })
  } catch (error) {
    const { isExpected } = await import('@sluice/gateway')
    if (!(error instanceof ApiProblem) && !(await isExpected(error))) throw error
    findings.push(fault((error as Error).message))
  }
  return findings
}

async function database(api: AdminApi): Promise<Finding> {
  const { name, role } = await api.request<Admin>('GET', '/me')
  return good(`The database answers, and knows your admin key "${name}" (${role})`)
}

/** Of an owner of the default workspace; it is no other's business. */
async function installation(api: AdminApi): Promise<Finding[]> {
  try {
    const { VERSION } = await import('@sluice/gateway')
    return examineInstallation(await api.request<Installation>('GET', '/installation'), VERSION, Date.now())
  } catch (error) {
    if (!(error instanceof ApiProblem)) throw error
    if (error.problem.code === 'role-required') return []
    if (error.problem.code !== 'not-found') throw error
    return [warning('The gateway is older than this command, and does not tell what it is: update it')]
  }
}

async function inside(api: AdminApi, say: (step: string) => void): Promise<Finding[]> {
  const upstreams = await api.list<Upstream>('/upstreams')
  const servers = await api.list<Server>('/servers')
  const keys = await api.list<AccessKey>('/access-keys')
  const issuers = await api.list<Issuer>('/issuers')
  const findings: Finding[] = []
  const total = upstreams.length + servers.length
  for (const [index, upstream] of upstreams.entries()) {
    say(`${index + 1}/${total} ${upstream.slug}`)
    findings.push(...(await ofUpstream(api, upstream)))
  }
  if (upstreams.length === 0) findings.push(warning('Nothing is imported: sluice import my-api.yaml'))
  for (const [index, server] of servers.entries()) {
    say(`${upstreams.length + index + 1}/${total} ${server.slug}`)
    findings.push(...ofServer(server, keys, issuers))
  }
  findings.push(...(await ofRecord(api)), await ofAudit(api))
  return findings
}

const DAY_MS = 86_400_000

async function ofRecord(api: AdminApi): Promise<Finding[]> {
  const since = new Date(Date.now() - DAY_MS).toISOString()
  const { total, dropped } = await api.request<CallStats>('GET', `/call-stats${queryText({ since })}`)
  if (total.calls === 0 && dropped === 0) return []
  const told = `${count(total.calls, 'call')} recorded since yesterday, ${total.errors} of them failed`
  return dropped === 0
    ? [good(told)]
    : [warning(`${told}; ${dropped} were not recorded, for want of room: the database was away or too slow`)]
}

async function ofAudit(api: AdminApi): Promise<Finding> {
  const { events, fault: broken } = await api.request<AuditVerification>('GET', '/audit-events/verification')
  if (!broken) return good(`The audit trail is as it was written: ${count(events, 'event')}`)
  return fault(
    `The audit trail is broken. ${broken.detail} See who may write the database, and a backup for what was there`,
  )
}

async function ofUpstream(api: AdminApi, { slug, tools, securitySchemes }: Upstream): Promise<Finding[]> {
  const credentials = await api.list<Credential>(at`/upstreams/${slug}/credentials`)
  const findings = [tools.enabled > 0 ? good(`${slug}: ${enabled(tools)}`) : warning(`${slug}: no tool is enabled`)]
  findings.push(await ofReach(api, slug))
  const schemes = Object.keys(securitySchemes)
  if (schemes.length > 0 && credentials.length === 0)
    findings.push(warning(`${slug}: no credential is set. If it needs one: ${wayToSet(slug, securitySchemes)}`))
  // One that no document declares goes with every call, and opens nothing alone.
  for (const { scheme } of credentials)
    if (schemes.includes(scheme)) findings.push(await ofCredential(api, slug, scheme))
  return findings
}

function wayToSet(slug: string, schemes: Upstream['securitySchemes']): string {
  const fitting = Object.entries(schemes).find(([, scheme]) => canPresent(scheme as SecurityScheme))
  return `sluice credential set ${slug} ${fitting ? fitting[0] : 'extra --place headers'}`
}

async function ofReach(api: AdminApi, slug: string): Promise<Finding> {
  try {
    const { ok, message } = await api.request<UpstreamTest>('POST', at`/upstreams/${slug}/test`)
    return ok ? good(`${slug}: ${message}`) : warning(`${slug}: calls of its tools fail now. ${message}`)
  } catch (error) {
    if (!(error instanceof ApiProblem)) throw error
    return warning(`${slug}: it was not tried whether its API can be reached. ${error.message}`)
  }
}

async function ofCredential(api: AdminApi, slug: string, scheme: string): Promise<Finding> {
  const name = `${slug}: the credential ${scheme}`
  try {
    const path = at`/upstreams/${slug}/credentials/${scheme}/test`
    const { ok, status, message } = await api.request<CredentialTest>('POST', path, {})
    return ok ? good(`${name} works (${status})`) : fault(`${name} does not work. ${message}`)
  } catch (error) {
    if (!(error instanceof ApiProblem)) throw error
    return warning(`${name} was not tried. ${error.message}`)
  }
}

function ofServer({ slug, url, tools }: Server, keys: readonly AccessKey[], issuers: readonly Issuer[]): Finding[] {
  const opens = keys.filter((key) => key.servers.includes(slug) && isValid(key))
  const isClosed = opens.length === 0 && !issuers.some(({ servers }) => servers.includes(slug))
  return [
    tools.enabled > 0
      ? good(`${url}: ${enabled(tools)}, ${count(opens.length, 'access key')}`)
      : warning(`${url}: no tool is enabled. Put some on it: sluice servers add ${slug} <tool>`),
    ...(isClosed ? [warning(`${url}: no access key opens it: sluice key create --server ${slug}`)] : []),
  ]
}

function isValid({ revokedAt, expiresAt }: AccessKey): boolean {
  return revokedAt === null && (expiresAt === null || Date.parse(expiresAt) > Date.now())
}

function enabled(tools: Pick<Upstream['tools'], 'enabled' | 'total'>): string {
  return `${tools.enabled} of ${count(tools.total, 'tool')} enabled`
}
