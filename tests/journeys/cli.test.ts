import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { AnyCommand } from '../../apps/cli/src/command.ts'
import { commands } from '../../apps/cli/src/commands.ts'
import { type BookshopApi, startBookshop } from '../../examples/bookshop/api.ts'
import { BOOKSHOP_SPEC } from '../support/admin.ts'
import { connectV2 } from '../support/mcp-clients.ts'
import { cleanEnv, ROOT, run, sluice, spawned } from '../support/spawned.ts'

let shop: BookshopApi
let folder: string
beforeAll(async () => {
  shop = await startBookshop()
  folder = mkdtempSync(join(tmpdir(), 'sluice-cli-'))
  writeFileSync(join(folder, 'key.txt'), `${shop.key}\n`)
})
afterAll(async () => {
  await shop.close()
  rmSync(folder, { recursive: true })
})

describe('check', () => {
  test('says what an import would make of a document', async () => {
    const { code, stdout } = await sluice(['check', BOOKSHOP_SPEC])
    expect(code).toBe(0)
    expect(stdout).toContain('search_books  GET /books')
    expect(stdout).toMatch(/5 of 5 operations become tools .* costs \d+ tokens\./)
  })

  test('reads standard input, and answers programs', async () => {
    const { code, stdout } = await sluice(['check', '-', '--json'], { input: readFileSync(BOOKSHOP_SPEC, 'utf8') })
    expect(code).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({
      title: 'Bookshop',
      coverage: { operations: 5, imported: 5, skipped: 0 },
      listTokens: expect.any(Number),
    })
  })

  test('ends with 1 when an operation is left out, and shows where', async () => {
    const { code, stdout } = await sluice(['check', '-'], {
      input: 'openapi: 3.1.0\npaths:\n  /a:\n    get: {}\n  /b:\n    get: 5\n',
    })
    expect(code).toBe(1)
    expect(stdout).toContain('operation-skipped at 6:5')
  })

  test.each([
    ['a document that is none', ['check', '-'], 1, /empty/],
    ['a file that is not there', ['check', 'nope.yaml'], 1, /nope\.yaml cannot be read/],
    ['no document', ['check'], 2, /missing required argument 'document'/],
    ['an unknown option', ['check', 'x', '--jsn'], 2, /unknown option '--jsn'[\s\S]*Did you mean --json/],
    ['an unknown command', ['chekc'], 2, /unknown command 'chekc'[\s\S]*Did you mean check/],
    ['an unknown command of a group', ['tools', 'lst'], 2, /Did you mean list/],
    ['two documents', ['check', 'a', 'b'], 2, /too many arguments/],
    ['a group that is none', ['stats', '--by', 'x'], 2, /Allowed choices are server, tool, key/],
    ['a number that is none', ['logs', '--limit', 'many'], 2, /whole number/],
    ['an option of the wrong form', ['tools', 'edit', 'x', '--fix', 'language'], 2, /NAME=VALUE/],
  ])('%s', async (_name, args, code, message) => {
    const finished = await sluice(args)
    expect(finished.code).toBe(code)
    expect(finished.stderr).toMatch(message)
    expect(finished.stderr).not.toContain('    at ')
  })
})

describe('with --json a failure is an object on standard output', () => {
  test.each<[string, string[], number, object]>([
    [
      'a fault of use',
      ['import', 'x', '--json'],
      2,
      { code: 'usage', detail: expect.stringMatching(/--yes or --dry-run/) },
    ],
    [
      'an unknown option',
      ['check', '--jsno', '--json'],
      2,
      { code: 'usage', detail: expect.stringContaining('--jsno') },
    ],
    ['a missing argument', ['check', '--json'], 2, { code: 'usage', detail: expect.stringContaining('document') }],
    ['an unknown command', ['chekc', '--json'], 2, { code: 'usage', detail: expect.stringContaining('chekc') }],
    [
      'no command of a group',
      ['tools', '--json'],
      2,
      { code: 'usage', detail: expect.stringMatching(/which command/) },
    ],
    [
      'a date that is none',
      ['key', 'create', '--server', 'x', '--expires', 'tomorrow', '--json'],
      2,
      { code: 'usage', detail: expect.stringMatching(/--expires takes a day \(2030-01-31\) or .*"tomorrow"/) },
    ],
    ['a file that is not there', ['check', 'nope.yaml', '--json'], 1, { detail: expect.stringContaining('nope.yaml') }],
    [
      'a file that is no folder',
      ['apply', 'package.json', '--yes', '--json'],
      1,
      { detail: expect.stringMatching(/not a directory.*package\.json/) },
    ],
    ['a document that is none', ['check', '-', '--json'], 1, { detail: expect.stringContaining('empty') }],
  ])('%s', async (_name, args, code, error) => {
    const env = { PORT: '1', DATA_DIR: join(folder, 'data') }
    const finished = await sluice(args, { env })
    expect([finished.code, finished.stderr]).toEqual([code, ''])
    expect(JSON.parse(finished.stdout)).toMatchObject({ error })
  })
})

describe('on a terminal', () => {
  /** The command with a terminal as its standard input, output and error (util-linux). */
  const onTerminal = (args: string[]) => {
    const line = [process.execPath, join(ROOT, 'sluice'), ...args].map((word) => `'${word}'`).join(' ')
    const env = cleanEnv({ DATA_DIR: join(folder, 'terminal'), PORT: '1' })
    return run('script', ['-qec', `stty cols 120; ${line}`, '/dev/null'], { env })
  }
  const hasTerminals = spawnSync('script', ['--version']).status === 0

  test.runIf(hasTerminals).each<[string[], string]>([
    [['check', BOOKSHOP_SPEC], 'Reading the document'],
    [['tools', 'list'], 'Starting a gateway for this command'],
    [['doctor'], 'Looking at everything'],
  ])(
    '%j shows that it works',
    async (args, shown) => {
      expect((await onTerminal(args)).stdout).toContain(shown)
      expect((await sluice(args, { env: { DATA_DIR: join(folder, 'terminal'), PORT: '1' } })).stderr).toBe('')
    },
    60_000,
  )
})

test('every command teaches by example, and takes --json', () => {
  const leaves = commands().flatMap(({ members }) => members.flatMap((command) => leavesOf(command)))
  expect(leaves.length).toBeGreaterThan(40)
  for (const command of leaves) {
    const said: string[] = []
    command.configureOutput({ writeOut: (text) => said.push(text) }).outputHelp()
    expect([command.name(), said.join('')]).toEqual([
      command.name(),
      expect.stringMatching(/--json[\s\S]*Examples:\n {2}.*sluice /),
    ])
  }
})

function leavesOf(command: AnyCommand): AnyCommand[] {
  return command.commands.length > 0 ? command.commands.flatMap((child) => leavesOf(child as AnyCommand)) : [command]
}

describe('completion', () => {
  test.each(['bash', 'zsh', 'fish', 'powershell'])('prints a script for %s', async (shell) => {
    const { code, stdout } = await sluice(['completion', shell])
    expect([code, stdout]).toEqual([0, expect.stringMatching(/sluice complete '?--/)])
    const asJson = await sluice(['completion', shell, '--json'])
    expect([asJson.code, `${JSON.parse(asJson.stdout).script}\n`]).toEqual([0, stdout])
    expect((await sluice(['completion', '--help'])).stdout).toContain(shell)
  })

  test.each([
    [['to'], /^tools\t/m],
    [['comp'], /^completion\t[^\n]*\n:4$/m],
    [['tools', 'e'], /^enable\t[\s\S]*^edit\t/m],
    [['tools', 'list', '--up'], /^--upstream\t/m],
    [['import', 'my-'], /^:0$/m],
    [['import', 'x', '--credential-file', ''], /^:0$/m],
    [['workspaces', 'list', '--installation-key-file', ''], /^:0$/m],
    // No gateway runs: no names, and no words on that.
    [['servers', 'show', ''], /^:4\n$/],
  ])('proposes for %j', async (words, proposed) => {
    const env = { PORT: '1', DATA_DIR: join(folder, 'nothing') }
    expect(await sluice(['complete', '--', ...words], { env })).toMatchObject({
      stdout: expect.stringMatching(proposed),
      stderr: '',
    })
  })
})

describe('serve', () => {
  test('goes straight from a document to a served URL, in memory', async () => {
    const serving = spawned(
      ['serve', BOOKSHOP_SPEC, '--base-url', shop.url, '--credential-file', join(folder, 'key.txt'), '--json'],
      { PORT: '0' },
    )
    const served = JSON.parse(await serving.firstLine)
    expect(served.coverage.imported).toBe(5)
    const client = await connectV2(served, { pin: '2026-07-28' })
    expect(JSON.parse((await client.callTool('get_book', { book_id: 2 })).text).id).toBe(2)
    await client.close()
    expect(await serving.end('SIGTERM')).toBe(0)
  })

  test('`npm start -- serve` does the same, and prints what to paste', async () => {
    const serving = spawned([], { PORT: '0' }, [
      'npm',
      'start',
      '-s',
      '--',
      'serve',
      BOOKSHOP_SPEC,
      '--base-url',
      shop.url,
    ])
    await expect.poll(() => serving.output.stdout, { timeout: 20_000 }).toContain('Serving until Ctrl-C.')
    const { stdout } = serving.output
    expect(stdout).toContain('Bookshop: 5 of 5 operations are tools')
    expect(stdout).toMatch(
      /claude mcp add --transport http bookshop http:\/\/127\.0\.0\.1:\d+\/mcp\/bookshop --header "Authorization: Bearer slk_/,
    )
    expect(stdout).not.toContain('{"level"')
    await serving.end('SIGINT')
  })

  test('a document without a base URL asks for it', async () => {
    const { code, stderr } = await sluice(['serve', '-'], { input: 'openapi: 3.1.0\npaths: {}', env: { PORT: '0' } })
    expect([code, stderr]).toMatchObject([1, expect.stringContaining('--base-url')])
  })
})
