import type { AuditEvent, AuditVerification } from '@sluice/contract'
import { queryText } from '../admin-api.ts'
import { working } from '../ask.ts'
import { command, Ended, group } from '../command.ts'
import { withGateway } from '../connect.ts'
import { answer, count, listing, safe } from '../print.ts'
import { wholeNumber } from '../whole-number.ts'

export function auditCommands() {
  const commands = group('audit', 'who changed what', [verify()])
  // `sluice audit` alone lists.
  return commands.addCommand(list(), { isDefault: true })
}

function list() {
  return command('list', 'list who changed what', [
    'sluice audit',
    'sluice audit --action tool.update --limit 200',
    'sluice audit --target tool_01k… --json',
  ])
    .option('--actor <id>', 'only what one admin key changed')
    .option('--action <action>', 'only one kind, such as tool.update')
    .option('--target <id>', 'only what was changed of one thing')
    .option('--limit <number>', 'how many of the newest', wholeNumber, 50)
    .action(async ({ json, limit, ...filters }) => {
      const items = await withGateway((api) => api.list<AuditEvent>('/audit-events', filters, limit))
      const rows = items.map(({ at, actorName, action, target, before, after }) => [
        at,
        actorName,
        action,
        target,
        changeText(before, after),
      ])
      answer({ ...(json ? { json } : {}) }, { items }, () =>
        listing(rows, ['AT', 'BY', 'ACTION', 'TARGET', 'CHANGE'], 'Nothing was changed.'),
      )
    })
}

function verify() {
  return command('verify', 'tell whether the audit trail is as it was written', [
    'sluice audit verify',
    'sluice audit verify --kept 41:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
  ])
    .option('--kept <end>', 'the end of the trail that an earlier verification told, kept elsewhere')
    .addHelpText(
      'after',
      `
Ends with 1 if something was edited, deleted, put elsewhere, added or cut off. Who may write the database may compute a whole
new trail: only an end that was kept elsewhere tells that.`,
    )
    .action(async ({ json, kept }) => {
      const path = `/audit-events/verification${queryText({ kept })}`
      const verified = await withGateway((api) =>
        working('Following the audit trail', () => api.request<AuditVerification>('GET', path)),
      )
      answer({ ...(json ? { json } : {}) }, verified, () => verificationText(verified))
      if (!verified.intact) throw new Ended(1)
    })
}

function verificationText({ events, earlier, end, fault }: AuditVerification): string {
  const lines = [
    fault ? `The audit trail is broken. ${fault.detail}` : `The audit trail is whole: ${count(events, 'event')}.`,
  ]
  if (fault?.event) lines.push(`What stands there: ${fault.event}`)
  if (earlier > 0)
    lines.push(`${count(earlier, 'event')} of earlier versions stand before it: nothing vouches for these.`)
  if (end) lines.push(`Its end, to keep elsewhere: ${end}`)
  return lines.map(safe).join('\n')
}

const MOST_CHARS = 100

function changeText(before: unknown, after: unknown): string {
  const sides = [before, after].filter((side) => side !== null && side !== undefined)
  const text = sides.map((side) => JSON.stringify(side)).join(' → ')
  return text.length > MOST_CHARS ? `${text.slice(0, MOST_CHARS)}…` : text
}
