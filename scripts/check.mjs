// Everything about the repository that a tool can tell without running the product.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { text } from 'node:stream/consumers'
import { validate } from 'dockerfile-utils'

const checks = [
  ['types', 'tsc', ['-p', '.']],
  ['lint and format', 'biome', ['check', '.']],
  ['dead code and undeclared imports', 'knip', ['--no-progress', '--treat-config-hints-as-errors']],
  ['laws of the house', 'vitest', ['run', 'tests/architecture.test.ts', '--reporter=dot', '--silent']],
  ['generated files', 'node', ['--import', './scripts/fast-resolve.mjs', 'scripts/generate.ts', '--check']],
  ['compose file', 'dclint', ['docker-compose.yml']],
]

// At once: most of them work on one core, and wait for the disk.
const outcomes = await Promise.all([
  ...checks.map(([name, ...command]) => outcomeOf(name, command)),
  migrations(),
  dockerfile(),
])
for (const { name, ok, output } of outcomes) {
  console.log(`${ok ? 'ok     ' : 'FAILED '} ${name}`)
  if (!ok) console.log(output.trim().replaceAll(/^/gm, '    '))
}
process.exitCode = outcomes.every(({ ok }) => ok) ? 0 : 1

async function outcomeOf(name, [command, args]) {
  const child = spawn(command, args)
  const [stdout, stderr, [status]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')])
  return { name, ok: status === 0, output: `${stdout}${stderr}` }
}

/**
 * drizzle-kit writes a migration where the schema says more than the migrations do. It takes the folder from this one on, and fails
 * with 0: what it says counts.
 */
async function migrations() {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-migrations-'))
  cpSync('migrations', folder, { recursive: true })
  const before = readdirSync(folder).length
  const args = ['generate', '--dialect', 'postgresql', '--schema', './packages/store/src/schema*.ts']
  const command = ['drizzle-kit', [...args, '--out', relative('.', folder)]]
  const outcome = await outcomeOf('migrations match the schema', command)
  const isSame = outcome.output.includes('No schema changes') && readdirSync(folder).length === before
  rmSync(folder, { recursive: true })
  return { ...outcome, ok: outcome.ok && isSame }
}

function dockerfile() {
  const faults = validate(readFileSync('Dockerfile', 'utf8')).map(
    ({ message, range }) => `line ${range.start.line + 1}: ${message}`,
  )
  return { name: 'Dockerfile', ok: faults.length === 0, output: faults.join('\n') }
}
