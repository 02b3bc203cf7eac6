/** A document of a shop with sixty operations and more: twelve kinds of things, five operations each. */
export function largeApi(url: string): string {
  return JSON.stringify({
    openapi: '3.1.0',
    info: { title: 'Warehouse', version: '1' },
    servers: [{ url }],
    paths: Object.fromEntries(KINDS.flatMap(pathsOf)),
  })
}

export const KINDS = [
  'order',
  'customer',
  'invoice',
  'supplier',
  'shelf',
  'pallet',
  'carrier',
  'parcel',
  'complaint',
  'voucher',
  'employee',
  'shift',
] as const

function pathsOf(kind: string): Array<[string, object]> {
  const many = `${kind}s`
  const id = { name: `${kind}_id`, in: 'path', required: true, schema: { type: 'integer' } }
  const thing = {
    type: 'object',
    required: ['id'],
    properties: { id: { type: 'integer' }, name: { type: 'string' }, note: { type: 'string' } },
  }
  const answer = (schema: object) => ({ 200: { description: 'ok', content: { 'application/json': { schema } } } })
  const operation = (operationId: string, summary: string, more: object) => ({
    operationId,
    summary,
    tags: [many],
    ...more,
  })
  const body = { required: true, content: { 'application/json': { schema: { ...thing, required: ['name'] } } } }
  return [
    [
      `/${many}`,
      {
        get: operation(`list_${many}`, `List ${many}`, {
          parameters: [{ name: 'limit', in: 'query', schema: { type: 'integer' } }],
          responses: answer({ type: 'array', items: thing }),
        }),
        post: operation(`create_${kind}`, `Make a new ${kind}`, { requestBody: body, responses: answer(thing) }),
      },
    ],
    [
      `/${many}/{${kind}_id}`,
      {
        parameters: [id],
        get: operation(`get_${kind}`, `Read one ${kind}`, { responses: answer(thing) }),
        patch: operation(`update_${kind}`, `Change a ${kind}`, { requestBody: body, responses: answer(thing) }),
        delete: operation(`delete_${kind}`, `Delete a ${kind}`, { responses: { 204: { description: 'gone' } } }),
      },
    ],
  ]
}
