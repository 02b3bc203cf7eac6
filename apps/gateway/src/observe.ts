import type { CallTokens, Observation, Observe } from '@sluice/contract'
import { pino } from 'pino'
import type { WriteLine } from './lines-together.ts'

/** The only way out for what the gateway says of itself: JSON lines for machines, plain lines for a person at a terminal. */
export function createObserve(format: 'json' | 'text' | 'silent', write: WriteLine): Observe {
  if (format === 'silent') return () => {}
  if (format === 'text') return (observation) => write(() => lineOf(observation))
  const time = isoTimes()
  let [at, made] = [0, '']
  const logger = pino(
    { base: null, timestamp: () => time(at) },
    {
      write: (line) => {
        made = line
      },
    },
  )
  return (observation) => {
    const saidAt = Date.now()
    write(() => {
      at = saidAt
      logger[levelOf(observation)](toFields(observation))
      return made
    })
  }
}

/** As pino writes it. Of all that is said within a millisecond the time is the same text. */
function isoTimes(): (at: number) => string {
  let [last, text] = [0, '']
  return (at) => {
    if (at !== last) text = `,"time":"${new Date(at).toISOString()}"`
    last = at
    return text
  }
}

function levelOf({ kind }: Observation): 'info' | 'warn' | 'error' {
  if (kind === 'bug') return 'error'
  return kind.endsWith('-failed') || WARNINGS.has(kind) ? 'warn' : 'info'
}

const WARNINGS = new Set<string>(['interceptor.disabled', 'log.lost'])

/** Errors hold what a log needs and nothing enumerable: their stacks are written out, causes included. */
function toFields(observation: Observation): object {
  if ('content' in observation) {
    const { content: _ofTheRecord, ...call } = observation
    return call
  }
  return 'cause' in observation ? { ...observation, cause: describeError(observation.cause) } : observation
}

/** Whatever was thrown: what cannot be told must not cost the lines beside it. */
function describeError(error: unknown): string {
  try {
    return chainOf(error)
  } catch {
    return 'an error that cannot be told'
  }
}

function chainOf(error: unknown, depth = 0): string {
  if (!(error instanceof Error)) return String(error)
  const stack = error.stack ?? error.message
  return error.cause && depth < 4 ? `${stack}\ncaused by: ${chainOf(error.cause, depth + 1)}` : stack
}

/** What speaks to a terminal, ends a line or turns the direction of writing. */
const CONTROLS = /[\u0000-\u001F\u007F-\u009F\u061C\u200E\u200F\u2028-\u202E\u2066-\u2069]/g

function lineOf(observation: Observation): string {
  const text = textOf(withSafeNames(observation))
  return text && `${text}\n`
}

/** Names are foreign: they must neither reach a terminal as commands nor forge a line (S63). */
function withSafeNames(observation: Observation): Observation {
  const fields = Object.entries(observation).map(([name, value]) => [
    name,
    typeof value === 'string' ? safe(value) : value,
  ])
  return Object.fromEntries(fields) as Observation
}

function safe(text: string): string {
  return text.replaceAll(CONTROLS, (control) => `\\u${control.charCodeAt(0).toString(16).padStart(4, '0')}`)
}

/** What goes on in further lines is indented: no message of an error looks like another line of the log. */
function errorText(error: unknown): string {
  return describeError(error).split('\n').map(safe).join('\n  ')
}

function textOf(observation: Observation): string {
  switch (observation.kind) {
    case 'gateway.listening':
      return `Listening on ${observation.url} (${observation.database})`
    case 'keys.made':
      return keysText(observation)
    case 'gateway.stopping':
      return `Stopping (${observation.reason}): calls in flight are finished first`
    case 'gateway.stopped':
      return 'Stopped'
    case 'request.finished':
      return `${observation.method} ${observation.route} ${observation.status} ${Math.round(observation.ms)} ms${observation.problem ? ` (${[observation.problem, observation.reason].filter(Boolean).join(': ')})` : ''}`
    case 'call.finished':
      return `${observation.server ? `${observation.server}/` : ''}${observation.tool} ${observation.outcome}${observation.status ? ` ${observation.status}` : ''} ${Math.round(observation.ms)} ms ${observation.bytes} bytes${observation.cache ? ` (cache ${observation.cache})` : ''}${observation.tokens ? ` ${tokensText(observation.tokens)}` : ''}`
    case 'calls.record-failed':
      return `Calls cannot be recorded; ${observation.waiting} wait. ${errorText(observation.cause)}`
    case 'interceptor.disabled':
      return `The ${observation.interceptor} is disabled in this process until it is changed: it had to be stopped twice`
    case 'import.finished':
      return `Imported ${observation.upstream}: ${observation.imported} of ${observation.operations} operations in ${Math.round(observation.ms)} ms`
    case 'refresh.finished':
      return `Refreshed ${observation.upstream}: ${observation.outcome} in ${Math.round(observation.ms)} ms`
    case 'issuer.keys-failed':
      return `The keys of ${observation.issuer} cannot be read: ${errorText(observation.cause)}`
    case 'catalogs.refresh-failed':
      return `The database does not answer; what is in memory goes on being served. ${errorText(observation.cause)}`
    case 'log.lost':
      return `${observation.lines} lines of this log were lost: they could not be written`
    case 'bug':
      return `A bug in ${observation.where}: ${errorText(observation.cause)}`
  }
}

/** `1240 tokens -> 310`, or what is not counted but reckoned: `~1240 tokens -> ~310`. */
function tokensText({ raw, sent, isReckoned }: CallTokens): string {
  const about = isReckoned ? '~' : ''
  return `${about}${raw} tokens -> ${about}${sent}`
}

function keysText({ masterKey, adminKey }: Extract<Observation, { kind: 'keys.made' }>): string {
  return [
    ...(masterKey ? [`Made the master key ${masterKey}: keep a copy, secrets cannot be opened without it.`] : []),
    ...(adminKey ? [`Made the admin key file ${adminKey}: it opens the admin API.`] : []),
  ].join('\n')
}
