import { createHash } from 'node:crypto'
import { ImportQuery, ImportReport, ImportRequest, LIMITS, Problem } from '@sluice/contract'
import { parseJson } from '@sluice/schema'
import type { Once } from '@sluice/store'
import type { FastifyError, FastifyRequest } from 'fastify'
import { checkBody } from '../check-request.ts'
import { type ReceivedImport, runImport } from '../imports/run-import.ts'
import type { AdminDeps } from './deps.ts'
import { type AdminRoute, route } from './route.ts'

/** POST /imports: a document in, an MCP URL out. */
export function importRoutes({ imports }: AdminDeps): AdminRoute[] {
  return [
    route(
      {
        method: 'POST',
        path: '/imports',
        operationId: 'import_document',
        tag: 'Imports',
        summary: 'Import an OpenAPI or Swagger document',
        description:
          'Without `commit` the answer only says what would happen. With it the upstream, its tools, its server and a first access key are made, all at once or not at all.',
        role: 'editor',
        query: ImportQuery,
        body: ImportRequest,
        status: 200,
        answers: 'What the import changes, or changed, tool by tool.',
        answer: ImportReport,
        once: true,
        multipart: true,
        // JSON escapes can double a document.
        bodyLimit: LIMITS.specBytes * 2,
        problems: [
          'conflict',
          'too-large',
          'spec-unreadable',
          'spec-version',
          'base-url-needed',
          'base-url-invalid',
          'credential-mismatch',
          'fetch-failed',
          'address-blocked',
        ],
      },
      async ({ admin, query, raw, once }) => {
        if (!raw.isMultipart())
          return runImport(admin, query, checkBody(ImportRequest, raw.body) as ImportRequest, imports, once)
        const { bytes, ...fields } = await readForm(raw)
        const body = checkBody(ImportRequest, fields) as ImportRequest
        return runImport(admin, query, bytes ? { ...body, bytes } : body, imports, once && ofForm(once, body, bytes))
      },
    ),
  ]
}

/** A form is read after its Idempotency-Key: what it holds is part of the request that may be repeated. */
function ofForm(once: Once, body: ImportRequest, bytes: Uint8Array = new Uint8Array()): Once {
  const digest = createHash('sha256').update(bytes).digest('hex')
  return { ...once, request: JSON.stringify([once.request, body, digest]) }
}

/** The multipart form of an ImportRequest: a part `file`, and fields of which objects are JSON text. */
async function readForm(request: FastifyRequest): Promise<Record<string, unknown> & Pick<ReceivedImport, 'bytes'>> {
  const body: Record<string, unknown> & { bytes?: Uint8Array } = {}
  try {
    for await (const part of request.parts()) {
      const name = part.type === 'file' ? 'bytes' : part.fieldname
      const isTwice =
        Object.hasOwn(body, name) || (name === 'bytes' && 'text' in body) || (name === 'text' && 'bytes' in body)
      if (isTwice) {
        const shown = name === 'bytes' ? 'text' : name
        throw new Problem('invalid-request', { detail: `The form has ${shown} twice; a file is the text too.` })
      }
      if (part.type === 'file') body.bytes = await part.toBuffer()
      else body[name] = fieldValue(name, part.value)
    }
  } catch (cause) {
    if (cause instanceof Problem || (cause as FastifyError).code?.startsWith('FST_')) throw cause
    const detail = 'The form is broken or was cut short. Send it as curl does: -F file=@my-api.yaml'
    throw new Problem('invalid-request', { detail, cause })
  }
  return body
}

const JSON_FIELDS = new Set(['credential', 'allow', 'enable', 'externalRefs', 'fetchHeaders'])
/** Lists of which a form may hold one bare item. */
const LISTS = new Set(['allow', 'externalRefs'])

function fieldValue(name: string, value: unknown): unknown {
  if (!JSON_FIELDS.has(name) || typeof value !== 'string') return value
  if (!/^\s*[{["]/.test(value)) return LISTS.has(name) ? [value] : value
  try {
    return parseJson(value)
  } catch (cause) {
    throw new Problem('invalid-json', { detail: `The field ${name} is not JSON.`, cause })
  }
}
