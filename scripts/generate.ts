import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { AdminDeps } from '../apps/gateway/src/admin/deps.ts'
import { openApiDocument } from '../apps/gateway/src/admin/openapi-document.ts'
import { adminRouteTable } from '../apps/gateway/src/admin/routes.ts'
import { SETTINGS } from '../apps/gateway/src/config.ts'

/** Writes the files that are made from the sources. With `--check` it writes nothing and fails where one is out of date. */
const root = join(import.meta.dirname, '..')
const isCheck = process.argv.includes('--check')
const files = {
  '.env.example': envExample(),
  'docs/reference/configuration.md': configurationPage(),
  'specs/admin.openapi.json': adminDocument(),
}

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
