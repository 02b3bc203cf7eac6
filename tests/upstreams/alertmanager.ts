import { existsSync, writeFileSync } from 'node:fs'
import { request } from 'node:https'
import { join } from 'node:path'
import { testCertificate } from '../../packages/egress/src/test-certificate.ts'
import { freePort } from '../support/free-port.ts'
import { type Started, started } from '../support/started.ts'

const PROGRAM = '/usr/bin/prometheus-alertmanager'

/** The account that its API is opened with. */
export const ACCOUNT = { username: 'sluice', password: 'a password: & more' } as const
/** Of the password, by bcrypt: it keeps no other. */
const HASH = '$2b$04$qiwRoQjpXMp7gPpI9kCUX.ZxNUrEZR7B8g3CHqodi6ZML7MTHk6l2'

export interface Alertmanager extends Started {
  /** Its own certificate: nobody else vouches for it. */
  readonly certificate: string
}

/** Debian's prometheus-alertmanager. */
export const hasAlertmanager = existsSync(PROGRAM)

/** Prometheus's Alertmanager, over TLS and with basic auth. */
export async function startAlertmanager(): Promise<Alertmanager> {
  const port = await freePort()
  const { key, cert } = testCertificate()
  const url = `https://localhost:${port}/api/v2`
  const up = await started(
    url,
    (folder) => commandIn(folder, { port, key, cert }),
    () => isUp(`${url}/status`, cert),
  )
  return { ...up, certificate: cert }
}

function commandIn(folder: string, settings: { port: number; key: string; cert: string }): string[] {
  const write = (name: string, text: string) => {
    writeFileSync(join(folder, name), text, { mode: 0o600 })
    return join(folder, name)
  }
  const tls = { cert_file: write('cert.pem', settings.cert), key_file: write('key.pem', settings.key) }
  const web = { tls_server_config: tls, basic_auth_users: { [ACCOUNT.username]: HASH } }
  const config = { route: { receiver: 'nobody' }, receivers: [{ name: 'nobody' }] }
  return [
    PROGRAM,
    ...['--config.file', write('alertmanager.json', JSON.stringify(config))],
    ...['--web.config.file', write('web.json', JSON.stringify(web))],
    ...['--web.listen-address', `127.0.0.1:${settings.port}`],
    ...['--storage.path', join(folder, 'data')],
    // It looks for others of a cluster on a public address otherwise.
    '--cluster.listen-address=',
  ]
}

function isUp(url: string, ca: string): Promise<boolean> {
  const auth = `${ACCOUNT.username}:${ACCOUNT.password}`
  return new Promise((resolve, reject) => {
    request(url, { ca, auth, agent: false }, (response) => {
      response.resume()
      resolve(response.statusCode === 200)
    })
      .on('error', reject)
      .end()
  })
}
