import { parseArgs } from 'node:util'
import type { Role } from '@sluice/contract'
import { createLocalAdminKey, loadConfig } from '@sluice/gateway'
import { print } from '../print.ts'
import { UsageFault, type Verb } from '../verb.ts'

export const adminKey: Verb = {
  help: `sluice admin-key create [--role owner|editor|viewer] [--name NAME] [--json]

Makes an admin key directly in the database, for those who have lost theirs. With the embedded database the gateway must be
stopped first; with PostgreSQL it may go on running.

  sluice admin-key create
  DATABASE_URL=postgres://… sluice admin-key create --role viewer --name dashboards`,
  async run(argv) {
    const { values, positionals } = parseArgs({
      args: argv,
      allowPositionals: true,
      options: {
        role: { type: 'string', default: 'owner' },
        name: { type: 'string', default: 'made on the command line' },
        json: { type: 'boolean' },
      },
    })
    if (positionals[0] !== 'create' || positionals.length > 1) throw new UsageFault('Say what to do: create.')
    if (!isRole(values.role)) throw new UsageFault('--role is one of owner, editor, viewer.')
    const created = await createLocalAdminKey(loadConfig(), { name: values.name, role: values.role })
    print(
      values.json
        ? JSON.stringify(created)
        : `${created.key}\nThis is shown once. Its role is ${values.role}; use it as SLUICE_ADMIN_KEY.`,
    )
    return 0
  },
}

function isRole(text: string): text is Role {
  return text === 'owner' || text === 'editor' || text === 'viewer'
}
