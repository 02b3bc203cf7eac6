import type { AuditEvent } from '@sluice/contract'
import { command } from '../command.ts'
import { withGateway } from '../connect.ts'
import { answer, listing } from '../print.ts'
import { wholeNumber } from '../whole-number.ts'

export function auditCommand() {
  return command('audit', 'list who changed what', [
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

const MOST_CHARS = 100

function changeText(before: unknown, after: unknown): string {
  const sides = [before, after].filter((side) => side !== null && side !== undefined)
  const text = sides.map((side) => JSON.stringify(side)).join(' → ')
  return text.length > MOST_CHARS ? `${text.slice(0, MOST_CHARS)}…` : text
}
