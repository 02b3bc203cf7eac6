import { isObject } from '@sluice/schema'
import type { Findings } from './findings.ts'
import { pointerTo } from './json-pointer.ts'
import type { Origins } from './origins.ts'
import type { SpecDocument } from './read-spec.ts'
import { type Located, levelsOf, resolveObject, resolveParameters } from './resolve-object.ts'
import { isBody, swaggerBody } from './swagger-body.ts'
import { parameterOf } from './swagger-parameter.ts'
import { swaggerSecurity } from './swagger-security.ts'
import { operationServers, swaggerServers } from './swagger-servers.ts'

/**
 * Brings a Swagger 2.0 document into the shape of OpenAPI 3: `servers`, `requestBody`, `content`, `components.securitySchemes`,
 * `style` and `explode`. Schemas stay where they are, so references to `#/definitions` go on working. Later versions are
 * returned as they are. The declared version is kept: some rules depend on it.
 */
export function upgradeSwagger(
  document: SpecDocument,
  sourceUrl: string | undefined,
  findings: Findings,
  origins: Origins,
): SpecDocument {
  if (document.family !== '2.0') return document
  const { root } = document
  const walk: Walk = { root, sourceUrl, findings, origins }
  const paths = isObject(root.paths) ? root.paths : {}
  const upgraded = {
    ...root,
    servers: swaggerServers(root, sourceUrl, findings),
    components: { securitySchemes: swaggerSecurity(root) },
    paths: Object.fromEntries(
      Object.entries(paths).map(([path, item]) => [path, pathItem(item, pointerTo('', 'paths', path), walk)]),
    ),
  }
  return { ...document, root: upgraded }
}

interface Walk {
  readonly root: Record<string, unknown>
  readonly sourceUrl: string | undefined
  readonly findings: Findings
  readonly origins: Origins
}

const METHODS = new Set(['get', 'put', 'post', 'delete', 'options', 'head', 'patch'])

function pathItem(given: unknown, pointer: string, walk: Walk): unknown {
  const located = resolveObject(walk.root, given, pointer, walk.findings)
  if (!located) return given
  const levels = levelsOf(walk.root, given, pointer)
  const shared = levels
    .toReversed()
    .flatMap((level) =>
      resolveParameters(walk.root, level.value.parameters, pointerTo(level.pointer, 'parameters'), walk.findings),
    )
  const { parameters: _parameters, ...item } = located.value
  const upgraded: Record<string, unknown> = { ...item }
  for (const key of Object.keys(item).filter((name) => METHODS.has(name.toLowerCase()))) {
    const level = levels.find(({ value }) => Object.hasOwn(value, key)) ?? located
    if (isObject(item[key])) upgraded[key] = operation(item[key], pointerTo(level.pointer, key), shared, walk)
  }
  return upgraded
}

function operation(given: Record<string, unknown>, pointer: string, shared: Located[], walk: Walk): unknown {
  const own = resolveParameters(walk.root, given.parameters, pointerTo(pointer, 'parameters'), walk.findings)
  const all = [...shared.filter((parameter) => !own.some((other) => replaces(other, parameter))), ...own]
  const consumes = mediaTypes(given.consumes ?? walk.root.consumes)
  const produces = mediaTypes(given.produces ?? walk.root.produces)
  const body = swaggerBody(all.filter(isBody), consumes, walk)
  return {
    ...given,
    parameters: all.filter((parameter) => !isBody(parameter)).map((parameter) => parameterOf(parameter, walk)),
    ...(body ? { requestBody: body } : {}),
    responses: responsesOf(given.responses, produces, pointerTo(pointer, 'responses'), walk),
    ...ownServers(given.schemes, pointerTo(pointer, 'schemes'), walk),
  }
}

/** An operation's own schemes count, where those of the document are others (Swagger 2.0, Operation Object). */
function ownServers(schemes: unknown, pointer: string, { root, sourceUrl, findings, origins }: Walk) {
  if (!Array.isArray(schemes) || schemes.length === 0) return {}
  const servers = operationServers(root, schemes, sourceUrl, { pointer, findings })
  if (servers) origins.set(servers, pointer)
  return servers ? { servers } : {}
}

/** Whether an operation's parameter takes the place of one of its path (B20): there is one body, and none beside a form. */
function replaces(own: Located, shared: Located): boolean {
  if (isBody(own) && isBody(shared) && (own.value.in === 'body' || shared.value.in === 'body')) return true
  return own.value.in === shared.value.in && own.value.name === shared.value.name
}

function mediaTypes(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : []
}

function responsesOf(responses: unknown, produces: string[], pointer: string, walk: Walk): unknown {
  if (!isObject(responses)) return responses
  const types = produces.length > 0 ? produces : ['application/json']
  const entries = Object.entries(responses).map(([status, response]) => {
    const located = resolveObject(walk.root, response, pointerTo(pointer, status), walk.findings)
    if (!located?.value.schema) return [status, response]
    const { schema, ...rest } = located.value
    return [status, { ...rest, content: Object.fromEntries(types.map((type) => [type, { schema }])) }]
  })
  return Object.fromEntries(entries)
}
