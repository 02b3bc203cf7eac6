import * as contract from '@sluice/contract'
import { PROBLEMS, Problem, type ProblemCode, problemDocument } from '@sluice/contract'
import { isObject } from '@sluice/schema'
import { VERSION } from '../version.ts'
import { formOf } from './form-of.ts'
import type { AdminRoute } from './route.ts'
import { sampleOf } from './sample-of.ts'
import { TAGS } from './tags.ts'

type Json = Record<string, unknown>

/** The admin API's own OpenAPI 3.1 document, made from its routes. */
export function openApiDocument(routes: readonly AdminRoute[], serverUrl: string): Json {
  const used = new Set<string>()
  const paths: Record<string, Json> = {}
  for (const route of routes) {
    const path = route.path.replaceAll(/:(\w+)/g, '{$1}')
    const item = paths[path] ?? {}
    paths[path] = item
    item[route.method.toLowerCase()] = operationOf(route, used)
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Sluice admin API',
      version: VERSION,
      description: 'Everything that can be seen or changed in Sluice. One admin key belongs to one workspace.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: `${serverUrl}/api/v1` }],
    security: [{ adminKey: [] }],
    tags: Object.entries(TAGS).map(([name, description]) => ({ name, description })),
    paths,
    components: {
      securitySchemes: {
        adminKey: {
          type: 'http',
          scheme: 'bearer',
          description: 'An admin key, `sla_…`. It belongs to one workspace.',
        },
        installationKey: {
          type: 'http',
          scheme: 'bearer',
          description: 'The setting INSTALLATION_KEY of the gateway.',
        },
      },
      schemas: { Problem: PROBLEM, ...namedSchemas(used) },
    },
  }
}

function operationOf(route: AdminRoute, used: Set<string>): Json {
  const { operationId, summary, description, tag, role } = route
  return {
    operationId,
    summary,
    description: [description, needs(role)].filter(Boolean).join(' '),
    tags: [tag],
    ...(role === 'installation' ? { security: [{ installationKey: [] }] } : {}),
    parameters: [
      ...parametersOf('path', route.params, used),
      ...parametersOf('query', route.query, used),
      ...(route.etag === 'takes' ? [IF_MATCH] : []),
      ...(route.once ? [IDEMPOTENCY_KEY] : []),
    ],
    ...(route.body ? { requestBody: requestBodyOf(route, used) } : {}),
    responses: responsesOf(route, used),
  }
}

function needs(role: AdminRoute['role']): string {
  return role === 'installation' ? 'Needs the installation key.' : `Needs the role ${role}${AND_ABOVE[role]}.`
}

const AND_ABOVE = { viewer: ', editor or owner', editor: ' or owner', owner: '' } as const

const IF_MATCH = {
  name: 'If-Match',
  in: 'header',
  description: 'The ETag of what you read: the change is refused with 412 if somebody was faster.',
  schema: { type: 'string' },
}
const IDEMPOTENCY_KEY = {
  name: 'Idempotency-Key',
  in: 'header',
  description: 'Any text of your own. Repeated within a day with the same request, the first answer comes back.',
  schema: { type: 'string', pattern: '^[\\x21-\\x7e]{1,200}$' },
}

function parametersOf(place: 'path' | 'query', schema: unknown, used: Set<string>): Json[] {
  if (!isObject(schema) || !isObject(schema.properties)) return []
  const required = (schema.required as string[] | undefined) ?? []
  return Object.entries(schema.properties).map(([name, property]) => {
    const { description, ...rest } = property as Json
    return {
      name,
      in: place,
      required: place === 'path' || required.includes(name),
      ...(description ? { description } : {}),
      schema: withReferences(rest, used),
    }
  })
}

function requestBodyOf({ body, multipart }: AdminRoute, used: Set<string>): Json {
  return {
    required: true,
    content: {
      'application/json': { schema: withReferences(body, used) },
      ...(multipart ? { 'multipart/form-data': { schema: withReferences(formOf(body), used) } } : {}),
    },
  }
}

function responsesOf(route: AdminRoute, used: Set<string>): Json {
  const { status, answers, answer, answerType = 'application/json' } = route
  const isJson = answerType === 'application/json'
  const success = {
    description: answers,
    ...(route.etag && answer
      ? { headers: { ETag: { description: 'Its entity tag.', schema: { type: 'string' } } } }
      : {}),
    ...(answer
      ? {
          content: {
            [answerType]: {
              schema: withReferences(answer, used),
              ...(isJson ? { example: sampleOf(answer) } : {}),
            },
          },
        }
      : {}),
  }
  const problems = Map.groupBy(problemsOf(route), (code) => PROBLEMS[code].status)
  return {
    [status]: success,
    ...Object.fromEntries([...problems].map(([code, codes]) => [code, problemResponse(code, codes)])),
  }
}

/** What a route can answer beside success: what follows from its shape, and what it declares. */
export function problemsOf(route: AdminRoute): ProblemCode[] {
  const codes: ProblemCode[] = ['unauthorized', 'host-not-allowed', 'database-unavailable', ...(route.problems ?? [])]
  if (route.params || route.query || route.body) codes.push('invalid-request')
  if (route.role !== 'viewer') codes.push('role-required')
  if (route.etag === 'takes') codes.push('precondition-failed')
  if (route.body) codes.push('invalid-json', 'unsupported-media-type', 'too-large')
  if (route.once) codes.push('idempotency-key-reused')
  return [...new Set(codes)]
}

function problemResponse(status: number, codes: readonly ProblemCode[]): Json {
  const [code] = codes as [ProblemCode]
  const example = { ...problemDocument(new Problem(code, { detail: PROBLEMS[code].title })), requestId: REQUEST_ID }
  const header = HEADERS[status]
  return {
    description: codes.map((one) => `${PROBLEMS[one].title} (\`${one}\`).`).join(' '),
    ...(header ? { headers: header } : {}),
    content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' }, example } },
  }
}

const REQUEST_ID = '5f1d3c1e-6c0f-4d0a-9a43-0c8d6f1b2a7e'

/** What a refusal bears beside its body. */
const HEADERS: Readonly<Record<number, Json>> = {
  401: {
    'WWW-Authenticate': { description: 'RFC 6750 3.', schema: { type: 'string', examples: ['Bearer realm="sluice"'] } },
  },
  503: { 'Retry-After': { description: 'Seconds.', schema: { type: 'string', examples: ['1'] } } },
}

const PROBLEM = {
  type: 'object',
  description: 'What went wrong (RFC 9457).',
  required: ['type', 'title', 'status', 'code', 'detail'],
  properties: {
    type: { type: 'string', examples: ['urn:sluice:problem:not-found'] },
    title: { type: 'string' },
    status: { type: 'integer' },
    code: { type: 'string', description: 'Stable: programs may depend on it.', examples: ['not-found'] },
    detail: { type: 'string', description: 'What happened this time.' },
    errors: {
      type: 'array',
      items: {
        type: 'object',
        required: ['detail'],
        properties: {
          pointer: { type: 'string', description: 'JSON pointer into the body, or the name of a parameter.' },
          detail: { type: 'string' },
          fix: { type: 'string', description: 'What to do.' },
        },
      },
    },
    requestId: { type: 'string', description: 'Names the request in the log.' },
  },
}

/** Schemas that the contract gives a name, by themselves: they are written once and referred to. */
const NAMES: ReadonlyMap<unknown, string> = new Map(
  Object.entries<unknown>(contract)
    .filter(([, value]) => isObject(value) && value.type === 'object')
    .map(([name, schema]) => [schema, name]),
)

function withReferences(schema: unknown, used: Set<string>): unknown {
  if (Array.isArray(schema)) return schema.map((item) => withReferences(item, used))
  if (!isObject(schema)) return schema
  const name = NAMES.get(schema)
  if (name === undefined) return mapValues(schema, used)
  used.add(name)
  return { $ref: `#/components/schemas/${name}` }
}

function mapValues(schema: Json, used: Set<string>): Json {
  return Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, withReferences(value, used)]))
}

/** The used ones, and those that they use. */
function namedSchemas(used: Set<string>): Json {
  const byName = new Map([...NAMES].map(([schema, name]) => [name, schema]))
  const schemas: Json = {}
  // A set goes on with what is added while it is walked.
  for (const name of used) schemas[name] = mapValues(byName.get(name) as Json, used)
  return Object.fromEntries(Object.entries(schemas).toSorted(([a], [b]) => (a < b ? -1 : 1)))
}
