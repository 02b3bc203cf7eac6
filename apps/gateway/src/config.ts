import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'

/** One setting: how it is called outside, what it means, and how its text is read. */
interface Setting<T> {
  readonly name: string
  readonly text: string
  readonly fallback: string
  /** May also be given as a file's path in `NAME_FILE`. */
  readonly isSecret?: boolean
  readonly read: (value: string) => T
}

/** Every setting there is. The reference page and `.env.example` are generated from this. */
export const SETTINGS = {
  host: setting(
    'HOST',
    'Address to listen on. `0.0.0.0` opens the gateway to the network; put TLS in front of it.',
    '127.0.0.1',
    String,
  ),
  port: setting('PORT', 'Port to listen on; 0 takes a free one.', '8080', readPort),
  publicUrl: setting(
    'PUBLIC_URL',
    'URL under which people and clients reach the gateway. Printed in every URL; its host is allowed.',
    '',
    readPublicUrl,
  ),
  allowedHosts: setting(
    'ALLOWED_HOSTS',
    'Further values of the Host header to serve, separated by commas (`gateway:8080`).',
    '',
    readHosts,
  ),
  dataDir: setting(
    'DATA_DIR',
    'Folder of the embedded database, the master key and the admin key file.',
    './data',
    (path) => resolve(path),
  ),
  databaseUrl: secret(
    'DATABASE_URL',
    'PostgreSQL 15 or later (`postgres://user:password@host/name`). Without it the embedded database is used.',
    readDatabaseUrl,
  ),
  masterKey: secret(
    'MASTER_KEY',
    'Key that seals secrets at rest: 32 bytes in base64 or hex. Without it one is made in DATA_DIR at the first start. Several, with commas: the first seals, all open, which is how it is changed.',
  ),
  installationKey: secret(
    'INSTALLATION_KEY',
    'Key that makes, renames and deletes workspaces (`/api/v1/workspaces`): at least 32 characters. Without it nobody can.',
    readLongKey,
  ),
  egressAllow: setting(
    'EGRESS_ALLOW',
    'Private hosts or CIDR ranges that upstreams may lie in, separated by commas. Owners of the default workspace may allow more for one upstream or issuer. Metadata addresses are never called.',
    '',
    readList,
  ),
  workers: setting(
    'SLUICE_WORKERS',
    'Processes that serve behind the one port, for machines with several cores. More than one needs DATABASE_URL.',
    '1',
    readWhole(1, 64),
  ),
  callTimeoutMs: setting(
    'CALL_TIMEOUT_MS',
    'Milliseconds one tools/call may take in all, at most 50000.',
    '50000',
    readWhole(1_000, 50_000),
  ),
  mcpEngine: setting(
    'MCP_ENGINE',
    '`fast`: plain messages of MCP are answered by Sluice itself, the others by the MCP SDK; `sdk`: all by the SDK.',
    'fast',
    readOneOf('fast', 'sdk'),
  ),
  sameCallsPerMinute: setting(
    'SAME_CALLS_PER_MINUTE',
    'How often one caller may make the very same call, with the same arguments, within a minute; 0: as often as it likes.',
    '100',
    readWhole(0, 1_000_000),
  ),
  catalogMaxStaleMs: setting(
    'CATALOG_MAX_STALE_MS',
    'Milliseconds that calls are served while the database is away.',
    '600000',
    readWhole(1_000, 86_400_000),
  ),
  stopDelayMs: setting(
    'STOP_DELAY_MS',
    'Milliseconds for which a gateway that is told to end (SIGTERM) takes calls still, while `/health/ready` says that it stops: longer than the balancer in front of it takes to notice.',
    '500',
    readWhole(0, 60_000),
  ),
  recordMaxAgeDays: setting(
    'RECORD_MAX_AGE_DAYS',
    'Days that recorded calls are kept; 0: for ever.',
    '30',
    readWhole(0, 36_500),
  ),
  recordMaxRows: setting(
    'RECORD_MAX_ROWS',
    'How many calls are kept, of all workspaces together; of the workspace that has most the oldest go first; 0: any number. A million take about 700 MB, without what `RECORD_MAX_CONTENT_MB` bounds.',
    '1000000',
    readWhole(0, 1_000_000_000),
  ),
  recordMaxContentMb: setting(
    'RECORD_MAX_CONTENT_MB',
    'Megabytes of what was sent and answered that are kept, where servers record that, of all workspaces together; of the workspace that has most the oldest goes first, its calls stay; 0: any size.',
    '1000',
    readWhole(0, 1_000_000),
  ),
  metricsKey: secret(
    'METRICS_KEY',
    'Key that opens `/metrics` for Prometheus, of all workspaces: at least 32 characters. Without it there are none.',
    readLongKey,
  ),
  tokenPrice: setting(
    'TOKEN_PRICE_PER_MILLION',
    'What a million tokens cost you, in whatever money: then statistics say what was saved.',
    '',
    readPrice,
  ),
  otlpEndpoint: setting(
    'OTEL_EXPORTER_OTLP_ENDPOINT',
    'Base URL of an OpenTelemetry collector (`http://collector:4318`): traces and metrics of calls are sent there, as OTLP over HTTP.',
    '',
    readPublicUrl,
  ),
  otlpHeaders: secret(
    'OTEL_EXPORTER_OTLP_HEADERS',
    'Headers that are sent with them, `name=value` separated by commas, values percent-encoded.',
    readHeaders,
  ),
  otlpServiceName: setting('OTEL_SERVICE_NAME', 'What this gateway is called there.', 'sluice', String),
  logFormat: setting(
    'LOG_FORMAT',
    '`json`, `text`, or `auto`: text in a terminal, JSON elsewhere.',
    'auto',
    readOneOf('json', 'text', 'auto'),
  ),
} as const

export type Config = { readonly [K in keyof typeof SETTINGS]: ReturnType<(typeof SETTINGS)[K]['read']> }

/** Settings that cannot be used; every fault is in the message. */
export class ConfigFault extends Error {
  constructor(faults: readonly string[]) {
    super(`The configuration cannot be used:\n${faults.map((fault) => `  ${fault}`).join('\n')}`)
    this.name = 'ConfigFault'
  }
}

/**
 * Reads the environment, which is the only place configuration comes from; all faults are reported at once.
 * @throws ConfigFault
 */
export function loadConfig(env: Readonly<Record<string, string | undefined>> = process.env): Config {
  const faults: string[] = []
  const entries = Object.entries(SETTINGS).map(([key, setting]) => {
    try {
      return [key, setting.read(textOf(setting, env))]
    } catch (error) {
      faults.push(`${setting.name}: ${error instanceof Error ? error.message : String(error)}`)
      return [key, undefined]
    }
  })
  const config = Object.fromEntries(entries) as Config
  if (config.workers > 1 && config.databaseUrl === undefined) faults.push(ONE_PROCESS)
  if (faults.length > 0) throw new ConfigFault(faults)
  return config
}

const ONE_PROCESS =
  'SLUICE_WORKERS: the embedded database belongs to one process. Set DATABASE_URL to a PostgreSQL, or SLUICE_WORKERS=1.'

function textOf(setting: Setting<unknown>, env: Readonly<Record<string, string | undefined>>): string {
  const value = env[setting.name]
  if (value !== undefined && value !== '') return value
  const file = setting.isSecret ? env[`${setting.name}_FILE`] : undefined
  return file ? readSecret(file) : setting.fallback
}

/** Going on without it would make another master key, or another database, in silence. */
function readSecret(file: string): string {
  const text = readFileSync(file, 'utf8').trim()
  if (text === '') throw new Error(`the file ${file} is empty.`)
  return text
}

function setting<T>(name: string, text: string, fallback: string, read: (value: string) => T): Setting<T> {
  return { name, text, fallback, read }
}

function secret(name: string, text: string): Setting<string | undefined>
function secret<T>(name: string, text: string, read: (value: string) => T): Setting<T | undefined>
function secret(name: string, text: string, read: (value: string) => unknown = String): Setting<unknown> {
  return { name, text, fallback: '', isSecret: true, read: (value) => (value === '' ? undefined : read(value)) }
}

/** As OpenTelemetry has them (OTLP exporter, Specifying headers); a fault shows no value. */
function readHeaders(value: string): Readonly<Record<string, string>> {
  const pairs = value.split(',').map((pair) => {
    const [name = '', ...rest] = pair.split('=')
    return [name.trim(), rest.join('=').trim()] as const
  })
  const headers = decodeHeaders(pairs.filter(([name]) => name !== ''))
  try {
    new Headers(headers)
  } catch {
    throw new Error('it is no list of headers; give one such as api-key=…,tenant=….')
  }
  return headers
}

function decodeHeaders(pairs: ReadonlyArray<readonly [string, string]>): Record<string, string> {
  try {
    return Object.fromEntries(pairs.map(([name, text]) => [name, decodeURIComponent(text)]))
  } catch {
    throw new Error('a value is not percent-encoded as it should be; write a percent sign as %25.')
  }
}

/** As the driver reads it: a URL, whose host may be missing where a socket is meant, or a socket's folder. A fault shows no password. */
function readDatabaseUrl(value: string): string {
  const isUrl = /^postgres(ql)?:\/\//i.test(value) && URL.canParse(value.replace('@/', '@localhost/'))
  if (isUrl || /^(\/|socket:)/.test(value)) return value
  const advice = 'In a password, write / as %2F, # as %23, ? as %3F and @ as %40.'
  throw new Error(`it is no URL such as postgres://user:password@host/name. ${advice}`)
}

function readPort(value: string): number {
  const port = Number(value)
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new Error(`"${value}" is no port; give a number from 0 to 65535.`)
  return port
}

/** What can be sent as a bearer token (RFC 6750 2.1) and not be guessed. */
function readLongKey(value: string): string {
  const advice = 'Make one with: openssl rand -base64 32'
  if (value.length < 32) throw new Error(`it has ${value.length} characters and not 32 or more. ${advice}`)
  if (!/^[\w.~+/-]+=*$/.test(value))
    throw new Error(`it may hold letters, digits and -._~+/ only, and = at its end. ${advice}`)
  return value
}

function readPublicUrl(value: string): string | undefined {
  if (value === '') return undefined
  if (!/^https?:\/\//.test(value) || !URL.canParse(value))
    throw new Error(`"${value}" is no URL; give one such as https://sluice.example.com.`)
  const url = new URL(value)
  if (url.search || url.hash || url.username) throw new Error(`"${value}" may hold no query, fragment or user name.`)
  return `${url.origin}${url.pathname.replace(/\/+$/, '')}`
}

function readList(value: string): readonly string[] {
  return value
    .split(',')
    .map((item) => item.trim())
    .filter(Boolean)
}

function readHosts(value: string): readonly string[] {
  const hosts = readList(value)
  const wrong = hosts.find((host) => !/^(\[[\da-f:.]+\]|[^\s/:@?#*[\]]+)(:\d{1,5})?$/i.test(host))
  if (wrong !== undefined)
    throw new Error(`"${wrong}" is no host; give one such as gateway:8080 or sluice.example.com.`)
  return hosts
}

function readPrice(value: string): number | undefined {
  if (value === '') return undefined
  const price = Number(value)
  if (!Number.isFinite(price) || price < 0) throw new Error(`"${value}" is no price; give a number such as 3 or 2.5.`)
  return price
}

function readWhole(least: number, most: number): (value: string) => number {
  return (value) => {
    const number = Number(value)
    if (!Number.isInteger(number) || number < least || number > most)
      throw new Error(`"${value}" is not a whole number from ${least} to ${most}.`)
    return number
  }
}

function readOneOf<T extends string>(...values: readonly T[]): (value: string) => T {
  return (value) => {
    const found = values.find((one) => one === value)
    if (found === undefined) throw new Error(`"${value}" is none of ${values.join(', ')}.`)
    return found
  }
}
