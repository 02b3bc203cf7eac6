import type { Installation } from '@sluice/contract'
import { type Finding, fault, good, warning } from './finding.ts'

/** Versions, database, clocks, configuration and egress of a gateway. `now`: milliseconds of `Date.now()`, by the clock that is here. */
export function examineInstallation(told: Installation, ownVersion: string, now: number): Finding[] {
  return [ofVersion(told, ownVersion), ofDatabase(told), ...ofClocks(told, now), ...ofNetwork(told), ...ofEgress(told)]
}

function ofVersion({ version, node }: Installation, own: string): Finding {
  if (version === own) return good(`Sluice ${version}, the gateway on Node ${node}`)
  return warning(
    `The gateway is Sluice ${version}, this command ${own}: use the command of the gateway's version, or update the older`,
  )
}

const OLDEST_POSTGRES = 15

function ofDatabase({ database: { kind, version }, workers }: Installation): Finding {
  if (kind === 'embedded')
    return good(`The embedded database, PostgreSQL ${version}. Copy it with: sluice backup sluice.tar.gz`)
  if (Number.parseInt(version, 10) < OLDEST_POSTGRES)
    return fault(`PostgreSQL ${version} is too old: upgrade the server to ${OLDEST_POSTGRES} or later`)
  return good(`PostgreSQL ${version}${workers > 1 ? `, for ${workers} processes` : ''}`)
}

/** What the request took is within them. */
const MOST_APART_MS = 5_000
const MOST_AWAY_MS = 60_000

function ofClocks({ time, database }: Installation, now: number): Finding[] {
  const apart = Math.abs(Date.parse(time) - Date.parse(database.time))
  const away = Math.abs(Date.parse(time) - now)
  if (apart > MOST_APART_MS)
    return [
      warning(
        `The clocks of the gateway and of its database are ${seconds(apart)} apart: keys and kept answers end early or late. Set both by NTP`,
      ),
    ]
  if (away > MOST_AWAY_MS)
    return [warning(`The clock of the gateway is ${seconds(away)} from the one here: set both by NTP`)]
  return [good('The clocks agree')]
}

function seconds(ms: number): string {
  return `${Math.round(ms / 1000)} s`
}

const LOOPBACK = /^(?:127\.|localhost$|\[?::1\]?$)/

function ofNetwork({ host, publicUrl }: Installation): Finding[] {
  if (LOOPBACK.test(host)) return [good(`It listens on ${host}, for this machine alone`)]
  if (publicUrl.startsWith('https:')) return [good(`It listens on ${host}, and is reached at ${publicUrl}`)]
  return [
    warning(
      `It listens on ${host} and prints ${publicUrl}: keys cross the network in the clear. Put TLS in front and set PUBLIC_URL=https://… (docs/how-to/put-tls-in-front.md)`,
    ),
  ]
}

/** Ranges that leave nothing to be refused. */
const EVERYTHING = /\/[0-7]$/

function ofEgress({ egressAllow }: Installation): Finding[] {
  const wide = egressAllow.filter((one) => EVERYTHING.test(one))
  if (wide.length > 0)
    return [
      warning(
        `EGRESS_ALLOW has ${wide.join(', ')}: documents and APIs may lead anywhere inside. Name the hosts or ranges that APIs lie in`,
      ),
    ]
  return [
    good(
      egressAllow.length === 0
        ? 'No private address may be called, but those allowed for one upstream'
        : `Private addresses that may be called: ${egressAllow.join(', ')}`,
    ),
  ]
}
