/** A hundred kinds of things that a trading company keeps; all of one line but the first belong to that first one. */
const AREAS: ReadonlyArray<readonly [owner: string, ...owned: string[]]> = [
  ['customer', 'order', 'quote', 'refund', 'voucher'],
  ['supplier', 'purchase', 'offer', 'contract', 'complaint'],
  ['warehouse', 'shelf_place', 'pallet', 'stock_count', 'forklift'],
  ['product', 'price', 'review', 'photo', 'variant'],
  ['carrier', 'parcel', 'route', 'delay', 'tariff'],
  ['invoice', 'reminder', 'credit_note', 'installment', 'write_off'],
  ['account', 'journal', 'transfer', 'statement', 'budget'],
  ['employee', 'shift', 'absence', 'expense', 'payslip'],
  ['applicant', 'interview', 'reference', 'assessment', 'referral'],
  ['team', 'goal', 'meeting', 'retrospective', 'handbook'],
  ['project', 'task', 'milestone', 'risk', 'timesheet'],
  ['vehicle', 'inspection', 'refuelling', 'repair', 'logbook'],
  ['site', 'meter', 'permit', 'visitor', 'incident'],
  ['asset', 'license', 'warranty', 'loan', 'disposal'],
  ['campaign', 'audience', 'newsletter', 'banner', 'survey'],
  ['partner', 'commission', 'lead', 'agreement', 'payout'],
  ['ticket', 'comment', 'escalation', 'attachment', 'resolution'],
  ['device', 'sensor', 'alarm', 'firmware', 'calibration'],
  ['course', 'lesson', 'enrolment', 'certificate', 'exam'],
  ['policy', 'claim', 'premium', 'coverage', 'audit'],
]

/** Five operations for each kind: five hundred, as a large real API has them. */
export function makeDocument(url: string): string {
  const kinds = AREAS.flatMap(([owner, ...owned]) => [pathsOf(owner), ...owned.map((kind) => pathsOf(kind, owner))])
  return JSON.stringify({
    openapi: '3.1.0',
    info: { title: 'Depot', version: '1' },
    servers: [{ url }],
    paths: Object.fromEntries(kinds.flat()),
  })
}

/** In paths and tags. */
export function pluralOf(kind: string): string {
  return kind.endsWith('y') ? `${kind.slice(0, -1)}ies` : `${kind}s`
}

type Path = readonly [path: string, operations: object]

function pathsOf(kind: string, owner?: string): Path[] {
  const many = pluralOf(kind)
  const words = kind.replaceAll('_', ' ')
  const thing = thingOf(owner)
  const operation = (operationId: string, summary: string, more: object) => {
    return { operationId, summary, tags: [many], ...more }
  }
  const query = (name: string, type: string) => ({ name, in: 'query', schema: { type } })
  const filters = [
    query('name', 'string'),
    query('status', 'string'),
    ...(owner ? [query(`${owner}_id`, 'integer')] : []),
  ]
  const list = {
    parameters: [...filters, query('limit', 'integer')],
    responses: answer({ type: 'array', items: thing }),
  }
  const body = { content: { 'application/json': { schema: { ...thing, required: undefined } } } }
  const id = { name: `${kind}_id`, in: 'path', required: true, schema: { type: 'integer' } }
  return [
    [
      `/${many}`,
      {
        get: operation(`list_${many}`, `List ${pluralOf(words)}`, list),
        post: operation(`create_${kind}`, `Make a ${words}`, { requestBody: body, responses: answer(thing) }),
      },
    ],
    [
      `/${many}/{${kind}_id}`,
      {
        parameters: [id],
        get: operation(`get_${kind}`, `Read a ${words}`, { responses: answer(thing) }),
        patch: operation(`update_${kind}`, `Change a ${words}`, { requestBody: body, responses: answer(thing) }),
        delete: operation(`delete_${kind}`, `Delete a ${words}`, {
          responses: { 204: { description: 'It is gone.' } },
        }),
      },
    ],
  ]
}

function thingOf(owner: string | undefined): object {
  return {
    type: 'object',
    required: ['id'],
    properties: {
      id: { type: 'integer', readOnly: true },
      name: { type: 'string', maxLength: 120 },
      status: { type: 'string', enum: ['open', 'held', 'done'], description: 'What is held waits for a person.' },
      ...(owner ? { [`${owner}_id`]: { type: 'integer', description: `The ${owner} that it belongs to.` } } : {}),
      note: { type: 'string' },
    },
  }
}

function answer(schema: object): object {
  return { 200: { description: 'What was asked for.', content: { 'application/json': { schema } } } }
}
