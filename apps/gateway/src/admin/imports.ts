import { ImportQuery, ImportReport, ImportRequest, LIMITS, Problem } from '@sluice/contract'
import { parseJson } from '@sluice/schema'
import type { FastifyError, FastifyRequest } from 'fastify'
import { checkBody } from '../check-request.ts'
import type { ReceivedImport } from '../imports/read-import.ts'
import type { PackedBody } from '../imports/reader-protocol.ts'
import { runImport } from '../imports/run-import.ts'
import type { AdminDeps } from './deps.ts'
import { type AdminRoute, route } from './route.ts'
import { withSampleFaults } from './tell-samples.ts'

/** POST /imports: a document in, an MCP URL out. */
export function importRoutes(deps: AdminDeps): AdminRoute[] {
  const { imports } = deps
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
      async ({ admin, query, raw, once, signal }) => {
        const { fields, document } = raw.isMultipart()
          ? await readForm(raw, imports.pack)
          : await imports.takeApart((raw.body ?? []) as Uint8Array[])
        const body = checkBody(ImportRequest, fields) as Omit<ImportRequest, 'text'>
        const received: ReceivedImport = document ? { ...body, document } : body
        // What is sent is part of the request that may be repeated; it was not read when its key was.
        const whole = once && { ...once, request: JSON.stringify([once.request, body, received.document?.hash]) }
        return withSampleFaults(admin, await runImport(admin, query, received, imports, whole), signal, deps)
      },
    ),
  ]
}

/** The multipart form of an ImportRequest: a part `file`, and fields of which objects are JSON text. */
async function readForm(request: FastifyRequest, pack: AdminDeps['imports']['pack']): Promise<PackedBody> {
  const fields: Record<string, unknown> = {}
  let document: Uint8Array | undefined
  try {
    for await (const part of request.parts()) {
      const name = part.type === 'file' ? 'text' : part.fieldname
      if (name === 'text' ? document : Object.hasOwn(fields, name)) {
        throw new Problem('invalid-request', { detail: `The form has ${name} twice; a file is the text too.` })
      }
      if (part.type === 'file') document = await part.toBuffer()
      else if (name === 'text') document = Buffer.from(String(part.value))
      else fields[name] = fieldValue(name, part.value)
    }
  } catch (cause) {
    if (cause instanceof Problem || (cause as FastifyError).code?.startsWith('FST_')) throw cause
    const detail = 'The form is broken or was cut short. Send it as curl does: -F file=@my-api.yaml'
    throw new Problem('invalid-request', { detail, cause })
  }
  return { fields, ...(document ? { document: await pack(document) } : {}) }
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
