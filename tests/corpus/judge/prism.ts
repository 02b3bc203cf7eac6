import { createRequire } from 'node:module'
import { join } from 'node:path'
import { INSTALL } from '../corpus-documents.ts'
import type { Plain } from '../walk-operations.ts'

/** A request as Prism's own server reads it from the wire. */
export interface PrismRequest {
  readonly method: string
  readonly url: { readonly path: string; readonly query: Readonly<Record<string, string | string[]>> }
  readonly headers: Readonly<Record<string, unknown>>
  readonly body: unknown
}

/** One thing that Prism holds against a request. */
export interface Violation {
  readonly path?: readonly string[]
  readonly code?: string | number
  readonly message: string
}

/** One operation, loaded: says what is wrong with a request to it. */
export type Judge = (request: PrismRequest) => readonly Violation[]

interface Resource {
  readonly method: string
  readonly path: string
}

interface Prism {
  readonly load: (document: Plain) => Promise<Resource[]>
  readonly validate: (input: { resource: Resource; element: PrismRequest }) => Either<readonly Violation[]>
  readonly matchPath: (request: string, template: string) => Either<Error>
}

/** fp-ts's Either; the right is of no interest here. */
interface Either<Left> {
  readonly _tag: 'Left' | 'Right'
  readonly left: Left
  readonly right?: unknown
}

let prism: Prism | undefined

/** Prism's loader, router and request validator, by which its mock server judges; installed by `npm run corpus`. */
function thePrism(): Prism {
  const require = createRequire(join(INSTALL, 'package.json'))
  const load = (name: string) => require(`@stoplight/prism-http/dist/${name}`)
  prism ??= {
    load: load('utils/operations.js').getHttpOperationsFromSpec,
    validate: load('validator/index.js').validateInput,
    matchPath: load('router/matchPath.js').matchPath,
  }
  return prism
}

/** Prism's view of the one operation of a document. @throws what Prism throws where it cannot read the document */
export async function loadJudge(document: Plain, method: string, path: string): Promise<Judge | undefined> {
  const { load, validate, matchPath } = thePrism()
  const resources = await load(document)
  const resource = resources.find((one) => one.path === path && one.method === method.toLowerCase())
  if (!resource) return undefined
  return (request) => {
    const matched = matchPath(request.url.path, path)
    if (matched._tag === 'Left' || matched.right === 'no-match')
      return [{ code: 'path', message: `${request.url.path} is not on ${path}` }]
    const judged = validate({ resource, element: request })
    return judged._tag === 'Left' ? judged.left.filter(({ code }) => code !== 'deprecated') : []
  }
}
