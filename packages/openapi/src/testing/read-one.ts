import type { HttpRequest, OperationDefinition, ReadSpec } from '@sluice/contract'
import { buildRequest } from '../build-request.ts'
import { importSpec } from '../import-spec.ts'
import { readDefinition } from '../read-definition.ts'

const BASE_URL = 'https://api.test/v1'

/** Reads a document given as a value. */
export function read(document: object, url?: string): ReadSpec {
  return readText(JSON.stringify(document), url)
}

/** Reads a document as written. A tenth of its text counts as tokens: these tests are about other things. */
export function readText(text: string, url?: string): ReadSpec {
  return importSpec({ text, ...(url ? { url } : {}) }, { countTokens: (words) => Math.ceil(words.length / 10) })
}

/** A document of version 3.1 around `paths`. */
export function openapi(paths: object, more: object = {}): object {
  return { openapi: '3.1.0', info: { title: 'Test', version: '1' }, servers: [{ url: BASE_URL }], paths, ...more }
}

export function definitions(spec: ReadSpec): OperationDefinition[] {
  return spec.operations.map(({ definition }) => readDefinition(definition))
}

/** The only operation of a document. */
export function definitionOf(document: object): OperationDefinition {
  const [definition, ...others] = definitions(read(document))
  if (!definition || others.length > 0)
    throw new Error(`the document has ${others.length + (definition ? 1 : 0)} operations`)
  return definition
}

/** A document whose only operation has this one parameter, and nothing else. */
export function withParameter(
  parameter: { name: string; in: string; [key: string]: unknown },
  version = '3.1.1',
): object {
  const path = parameter.in === 'path' ? `/x/{${parameter.name}}/y` : '/x'
  const required = parameter.in === 'path' ? { required: true } : {}
  return { ...openapi({ [path]: { get: { parameters: [{ ...required, ...parameter }] } } }), openapi: version }
}

/** What is sent for these arguments, to the only operation of a document. */
export function requestFor(document: object, args: Record<string, unknown>): HttpRequest {
  return buildRequest(definitionOf(document).operation, args, BASE_URL)
}

/** The path and query that are sent. */
export function targetFor(document: object, args: Record<string, unknown>): string {
  return requestFor(document, args).url.slice(BASE_URL.length)
}

export function headerOf(request: HttpRequest, name: string): string | undefined {
  return request.headers.find(([key]) => key.toLowerCase() === name)?.[1]
}

export function bodyText(request: HttpRequest): string | undefined {
  return request.body === undefined ? undefined : Buffer.from(request.body as string).toString('utf8')
}
