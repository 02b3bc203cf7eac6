import { pick, seededRandom } from './judge/seeded-random.ts'

/**
 * A document like those of the largest APIs, the same on every machine: about 47 MB and 17,000 operations over schemas that
 * inherit from each other and refer to each other in rings, with query options and bodies.
 */
export function makeGiant(operations = 17_000): string {
  const random = seededRandom(20_260_314)
  const entities = Array.from({ length: Math.ceil(operations / PER_ENTITY) }, (_item, index) => entityName(index))
  const schemas: Record<string, unknown> = { entity: ENTITY, 'odata.error': ERROR }
  const paths: Record<string, unknown> = {}
  for (const [index, name] of entities.entries()) {
    schemas[name] = entitySchema(index, entities, random)
    schemas[`${name}CollectionResponse`] = collection(name)
    Object.assign(paths, pathsOf(name, entities, random))
  }
  return JSON.stringify({
    openapi: '3.0.4',
    info: { title: 'A giant', version: '1.0' },
    servers: [{ url: 'https://giant.example/v1.0' }],
    paths,
    components: { schemas, parameters: QUERY_OPTIONS, responses: { error: RESPONSE_ERROR } },
    security: [{ oauth: ['read', 'write'] }],
  })
}

/** Operations on one entity: see `pathsOf`. */
const PER_ENTITY = 10

const WORDS = ['calendar', 'device', 'message', 'policy', 'group', 'report', 'event', 'profile', 'channel', 'ticket']

function entityName(index: number): string {
  return `giant.${WORDS[index % WORDS.length]}${WORDS[(index * 7 + 3) % WORDS.length]!.replace(/^./, (c) => c.toUpperCase())}${index}`
}

const SENTENCE =
  'Read-write values are kept as given; nullable unless the directory says otherwise. Supports $filter (eq, ne, not, ge, le, in) and $orderby.'

const ENTITY = {
  title: 'entity',
  type: 'object',
  required: ['@odata.type'],
  properties: { id: { type: 'string', description: 'The unique identifier.' }, '@odata.type': { type: 'string' } },
}

const ERROR = {
  type: 'object',
  required: ['code', 'message'],
  properties: {
    code: { type: 'string' },
    message: { type: 'string' },
    inner: { $ref: '#/components/schemas/odata.error' },
  },
}

const RESPONSE_ERROR = {
  description: 'error',
  content: { 'application/json': { schema: { $ref: '#/components/schemas/odata.error' } } },
}

const QUERY_OPTIONS = Object.fromEntries(
  [
    ['top', { type: 'integer', minimum: 0 }],
    ['skip', { type: 'integer', minimum: 0 }],
    ['search', { type: 'string' }],
    ['filter', { type: 'string' }],
    ['count', { type: 'boolean' }],
  ].map(([name, schema]) => [
    name,
    { name: `$${name}`, in: 'query', description: SENTENCE, style: 'form', explode: false, schema },
  ]),
)

function reference(name: string): { $ref: string } {
  return { $ref: `#/components/schemas/${name}` }
}

function entitySchema(index: number, entities: readonly string[], random: () => number): unknown {
  // Three make a family that inherits and refers in rings; one of forty refers to anything, so that all is within its reach.
  const family = entities.slice(index - (index % 3), index - (index % 3) + 3)
  const within = index % 40 === 0 ? entities : family.filter((_name, at) => (index - (index % 3) + at) % 40 !== 0)
  const parent = index % 3 === 2 ? within[0]! : 'entity'
  const plain = Array.from({ length: 20 }, (_item, at) => [`field${at}Of${index}`, plainProperty(at, random)] as const)
  const others = Array.from({ length: 2 }, (_item, at) => {
    const other = reference(pick(within, random))
    return [
      `related${at}`,
      at % 2 === 0 ? { type: 'array', items: other } : { anyOf: [other, { type: 'object', nullable: true }] },
    ] as const
  })
  const own = reference(entities[index]!)
  const properties = Object.fromEntries([...plain, ...others, ['children', { type: 'array', items: own }]])
  return {
    allOf: [reference(parent), { title: entities[index], type: 'object', properties }],
    'x-ms-discriminator-value': entities[index],
  }
}

function plainProperty(at: number, random: () => number): unknown {
  const description = `${SENTENCE} ${pick(WORDS, random)} ${pick(WORDS, random)}.`
  switch (at % 6) {
    case 0:
      return { type: 'string', format: 'date-time', pattern: PATTERN, description, nullable: true }
    case 1:
      return { type: 'string', enum: WORDS.slice(0, 3 + (at % 5)), description }
    case 2:
      return { type: 'array', items: { type: 'string', nullable: true }, description }
    case 3:
      return {
        type: 'integer',
        format: 'int32',
        minimum: -2147483648,
        maximum: 2147483647,
        description,
        nullable: true,
      }
    case 4:
      return { type: 'boolean', description, readOnly: at > 15 }
    default:
      return { type: 'string', description, nullable: true }
  }
}

const PATTERN = '^[0-9]{4,}-(0[1-9]|1[012])-(0[1-9]|[12][0-9]|3[01])T([01][0-9]|2[0-3]):[0-5][0-9]Z$'

function collection(name: string): unknown {
  const value = { type: 'array', items: reference(name) }
  return { type: 'object', properties: { value, '@odata.nextLink': { type: 'string', nullable: true } } }
}

/** Two collections with two operations each, two entities with three each: ten operations. */
function pathsOf(name: string, entities: readonly string[], random: () => number): Record<string, unknown> {
  const short = name.slice('giant.'.length)
  const related = pick(entities, random)
  const key = pathParameter(`${short}-id`)
  const inner = pathParameter('related-id')
  return {
    [`/${short}s`]: collectionPath(short, name, entities, random, []),
    [`/${short}s/{${short}-id}`]: entityPath(short, name, [key]),
    [`/${short}s/{${short}-id}/related`]: collectionPath(`${short}.related`, related, entities, random, [key]),
    [`/${short}s/{${short}-id}/related/{related-id}`]: entityPath(`${short}.related`, related, [key, inner]),
  }
}

function pathParameter(name: string): unknown {
  return {
    name,
    in: 'path',
    required: true,
    description: `The unique identifier ${name}`,
    schema: { type: 'string' },
    'x-ms-docs-key-type': name,
  }
}

function collectionPath(
  tag: string,
  name: string,
  entities: readonly string[],
  random: () => number,
  parameters: readonly unknown[],
): unknown {
  const options = Object.keys(QUERY_OPTIONS).map((option) => ({ $ref: `#/components/parameters/${option}` }))
  const select = Array.from({ length: 48 }, (_item, at) => `${pick(WORDS, random)}Field${at}`)
  const list = (what: string) => ({
    name: `$${what}`,
    in: 'query',
    description: `${what} what is to be returned`,
    style: 'form',
    explode: false,
    schema: { type: 'array', uniqueItems: true, items: { type: 'string', enum: [...new Set(select)] } },
  })
  return {
    description: `Access to the ${tag} collection of ${pick(entities, random)}.`,
    parameters,
    get: operation(
      tag,
      'List',
      [...options, list('select'), list('orderby'), list('expand')],
      reference(`${name}CollectionResponse`),
    ),
    post: operation(tag, 'Create', [], reference(name), reference(name)),
  }
}

function entityPath(tag: string, name: string, parameters: readonly unknown[]): unknown {
  return {
    description: `Access to one ${tag}.`,
    parameters,
    get: operation(tag, 'Get', [{ $ref: '#/components/parameters/search' }], reference(name)),
    patch: operation(tag, 'Update', [], reference(name), reference(name)),
    delete: operation(tag, 'Delete', [
      { name: 'If-Match', in: 'header', description: 'ETag', schema: { type: 'string' } },
    ]),
  }
}

function operation(
  tag: string,
  verb: string,
  parameters: readonly unknown[],
  result?: unknown,
  body?: unknown,
): unknown {
  const json = (schema: unknown) => ({ 'application/json': { schema } })
  return {
    tags: [tag],
    summary: `${verb} ${tag}`,
    description: `${verb} the properties and relationships of ${tag}. ${SENTENCE}`,
    operationId: `${tag}.${verb}`,
    parameters,
    ...(body ? { requestBody: { description: 'New values', required: true, content: json(body) } } : {}),
    responses: {
      '2XX': result ? { description: 'Success', content: json(result) } : { description: 'Success' },
      default: { $ref: '#/components/responses/error' },
    },
    externalDocs: {
      description: 'Find more here',
      url: `https://giant.example/docs/${tag}/${verb}?view=${'full'.repeat(40)}`,
    },
    'x-ms-docs-operation-type': 'operation',
    'x-ms-docs-notes': Array.from({ length: 3 }, () => SENTENCE),
  }
}
