import { ImportQuery, ImportReport, ImportRequest, LIMITS, Problem } from '@sluice/contract'
import { parseJson } from '@sluice/schema'
import type { FastifyError, FastifyInstance, FastifyRequest } from 'fastify'
import { checkBody } from '../check-request.ts'
import { type ImportDeps, runImport } from '../imports/run-import.ts'
import { requireEditor } from './require-editor.ts'

export interface ImportRouteDeps {
  readonly imports: ImportDeps
}

/** POST /imports: a document in, an MCP URL out. */
export async function importRoutes(app: FastifyInstance, deps: ImportRouteDeps): Promise<void> {
  app.post<{ Querystring: ImportQuery; Body: ImportRequest }>(
    '/imports',
    {
      // JSON escapes can double a document.
      bodyLimit: LIMITS.specBytes * 2,
      schema: { querystring: ImportQuery, response: { 200: ImportReport } },
    },
    async (request) => {
      requireEditor(request.admin)
      const body = request.isMultipart() ? await readForm(request) : request.body
      return runImport(request.admin, request.query, checkBody(ImportRequest, body) as ImportRequest, deps.imports)
    },
  )
}

/** The multipart form of an ImportRequest: a part `file`, and fields of which objects are JSON text. */
async function readForm(request: FastifyRequest): Promise<unknown> {
  const body: Record<string, unknown> = {}
  try {
    for await (const part of request.parts()) {
      const name = part.type === 'file' ? 'text' : part.fieldname
      const value = part.type === 'file' ? (await part.toBuffer()).toString('utf8') : fieldValue(name, part.value)
      if (Object.hasOwn(body, name))
        throw new Problem('invalid-request', { detail: `The form has ${name} twice; a file is the text too.` })
      body[name] = value
    }
  } catch (cause) {
    if (cause instanceof Problem || (cause as FastifyError).code?.startsWith('FST_')) throw cause
    const detail = 'The form is broken or was cut short. Send it as curl does: -F file=@my-api.yaml'
    throw new Problem('invalid-request', { detail, cause })
  }
  return body
}

const JSON_FIELDS = new Set(['credential', 'allow', 'enable'])

function fieldValue(name: string, value: unknown): unknown {
  if (!JSON_FIELDS.has(name) || typeof value !== 'string') return value
  if (!/^\s*[{["]/.test(value)) return name === 'allow' ? [value] : value
  try {
    return parseJson(value)
  } catch (cause) {
    throw new Problem('invalid-json', { detail: `The field ${name} is not JSON.`, cause })
  }
}
