// Everything about the repository that a tool can tell without running the product.
import { spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { validate } from 'dockerfile-utils'

const checks = [
  ['types', 'tsc', ['-p', '.']],
  ['lint and format', 'biome', ['check', '.']],
  ['dead code and undeclared imports', 'knip', ['--no-progress', '--treat-config-hints-as-errors']],
  ['laws of the house', 'vitest', ['run', 'tests/architecture.test.ts', '--reporter=dot', '--silent']],
  ['generated files', 'node', ['--import', './scripts/fast-resolve.mjs', 'scripts/generate.ts', '--check']],
  ['compose file', 'dclint', ['docker-compose.yml']],
]

const failed = checks.map(([name, command, args]) => {
  const { status, stdout, stderr } = spawnSync(command, args, { encoding: 'utf8' })
  return report(name, status === 0, `${stdout}${stderr}`)
})
const bad = [...failed, migrations(), dockerfile()].filter((ok) => ok !== true).length
process.exitCode = bad > 0 ? 1 : 0

/** drizzle-kit writes a migration where the schema says more than the migrations do. */
function migrations() {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-migrations-'))
  cpSync('migrations', folder, { recursive: true })
  const before = readdirSync(folder).length
  const args = ['generate', '--dialect', 'postgresql', '--schema', './packages/store/src/schema*.ts', '--out', folder]
  const { status, stdout, stderr } = spawnSync('drizzle-kit', args, { encoding: 'utf8' })
  const isSame = status === 0 && readdirSync(folder).length === before
  rmSync(folder, { recursive: true })
  return report('migrations match the schema', isSame, `${stdout}${stderr}`)
}

function dockerfile() {
  const faults = validate(readFileSync('Dockerfile', 'utf8')).map(
    ({ message, range }) => `line ${range.start.line + 1}: ${message}`,
  )
  return report('Dockerfile', faults.length === 0, faults.join('\n'))
}

function report(name, ok, output) {
  console.log(`${ok ? 'ok     ' : 'FAILED '} ${name}`)
  if (!ok) console.log(output.trim().replaceAll(/^/gm, '    '))
  return ok
}
