import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { AnyCommand } from '../apps/cli/src/command.ts'
import { commands } from '../apps/cli/src/commands.ts'
import type { AdminDeps } from '../apps/gateway/src/admin/deps.ts'
import { openApiDocument } from '../apps/gateway/src/admin/openapi-document.ts'
import { adminRouteTable } from '../apps/gateway/src/admin/routes.ts'
import { SETTINGS } from '../apps/gateway/src/config.ts'
import { llmsText } from './llms-text.ts'
import { problemsPage } from './problems-page.ts'

/** Writes the files that are made from the sources. With `--check` it writes nothing and fails where one is out of date. */
const root = join(import.meta.dirname, '..')
const isCheck = process.argv.includes('--check')
const pages: Readonly<Record<string, string>> = {
  '.env.example': envExample(),
  'docs/reference/configuration.md': configurationPage(),
  'docs/reference/command-line.md': commandLinePage(),
  'docs/reference/problems.md': problemsPage(),
  'specs/admin.openapi.json': adminDocument(),
}
const files = { ...pages, 'docs/llms.txt': listOfPages() }

for (const [name, text] of Object.entries(files)) {
  const file = join(root, name)
  if (existsSync(file) && readFileSync(file, 'utf8') === text) continue
  if (isCheck) {
    console.error(`${name} is out of date: run npm run generate`)
    process.exitCode = 1
  } else {
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, text)
  }
}

function listOfPages(): string {
  const written = readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' }).map((name) => `docs/${name}`)
  const all = [...new Set([...written, ...Object.keys(pages)])].filter((name) => /^docs\/.*\.md$/.test(name))
  return llmsText(
    all.map((name) => name.slice('docs/'.length)),
    (page) => pages[`docs/${page}`] ?? readFileSync(join(root, 'docs', page), 'utf8'),
  )
}

/** The table needs nothing to be made: its handlers are not run. */
function adminDocument(): string {
  const document = openApiDocument(adminRouteTable({} as AdminDeps), 'http://127.0.0.1:8080')
  return `${JSON.stringify(document, null, 1)}\n`
}

function envExample(): string {
  const entries = Object.values(SETTINGS).map(({ name, text, fallback, isSecret }) => {
    const file = isSecret ? `\n# (or ${name}_FILE, the path of a file that holds it)` : ''
    return `# ${text}${file}\n# ${name}=${fallback}\n`
  })
  return `# Every setting of the gateway, with its default. Made from apps/gateway/src/config.ts by npm run generate.\n\n${entries.join('\n')}`
}

function configurationPage(): string {
  const rows = Object.values(SETTINGS).map(({ name, text, fallback, isSecret }) => {
    const names = isSecret ? `\`${name}\`, \`${name}_FILE\`` : `\`${name}\``
    return `| ${names} | ${fallback === '' ? '' : `\`${fallback}\``} | ${text.replaceAll('|', '\\|')} |`
  })
  return `# Configuration

The gateway is configured by its environment alone. Every fault is reported at the start, all at once. A setting that holds a
secret may be given as the path of a file, in the name with \`_FILE\`.

| Setting | Default | Meaning |
|---|---|---|
${rows.join('\n')}
`
}

/** Every command with its options and examples, as `--help` says them. */
function commandLinePage(): string {
  const groups = commands().map(({ title, members }) => {
    const leaves = members.flatMap((command) => leavesOf(command, `sluice ${command.name()}`))
    return `## ${title}\n\n${leaves.map(([path, command]) => commandSection(path, command)).join('\n')}`
  })
  return `# The command line

Every command has \`--help\` and \`--json\`; with \`--json\` a failure is \`{"error": {…}}\` on standard output. Names of tools are given as \`name\`, as \`upstream/name\` where several upstreams have one, or as an id.

| Exit code | |
|---|---|
| 0 | done |
| 1 | refused, or failed; a file that is not there, too |
| 2 | the command line is wrong |
| 3 | the tool answered with an error |

| Environment | |
|---|---|
| \`SLUICE_URL\` | the gateway, by default the one on this machine; where none runs, one is started for the command |
| \`SLUICE_ADMIN_KEY\` | by default the key in \`DATA_DIR/admin.key\` |
| \`SLUICE_ACCESS_KEY\` | the agent's key, for \`sluice stdio <server>\` |
| \`SLUICE_INSTALLATION_KEY\` | for \`sluice workspaces\`, by default the gateway's own setting \`INSTALLATION_KEY\` |

${groups.join('\n')}`
}

function leavesOf(command: AnyCommand, path: string): Array<[string, AnyCommand]> {
  if (command.commands.length === 0) return [[path, command]]
  return command.commands.flatMap((child) => leavesOf(child as AnyCommand, `${path} ${child.name()}`))
}

function commandSection(path: string, command: AnyCommand): string {
  const said: string[] = []
  command
    .configureHelp({ sortOptions: true, helpWidth: 110 })
    .configureOutput({ writeOut: (text) => said.push(text) })
    .outputHelp()
  const [, ...rest] = said.join('').split('\n')
  const text = rest.slice(3).join('\n').trim()
  return `### ${path}\n\n${command.description()}\n\n\`\`\`\n${path} ${command.usage()}\n\n${text}\n\`\`\`\n`
}
