import type { PageOf, ProblemDocument } from '@sluice/contract'
import { parseExactly } from './exact-json.ts'

/** The gateway refused; what it said is the message. */
export class ApiProblem extends Error {
  readonly problem: Partial<ProblemDocument>

  constructor(problem: Partial<ProblemDocument>) {
    super(sayProblem(problem))
    this.problem = problem
  }
}

/** The admin API of one gateway. Every method throws ApiProblem. */
export interface AdminApi {
  /** Where the gateway answers. */
  readonly url: string
  /** Sends JSON, answers with JSON. */
  request<T>(method: string, path: string, body?: unknown): Promise<T>
  /** The same with a body that is JSON text already. */
  requestText<T>(method: string, path: string, body: string | undefined): Promise<T>
  /** Sends a form: a file, and fields of which all but texts are JSON. */
  form<T>(path: string, file: Uint8Array, fields: Readonly<Record<string, unknown>>): Promise<T>
  /** All items of a list, page by page, or the first `most`. */
  list<T>(path: string, query?: Query, most?: number): Promise<T[]>
  /** Changes what was read, unless somebody else changed it in between. */
  update<T>(path: string, change: (current: T) => unknown): Promise<T>
  /** A body as it is, byte for byte. */
  bytes(path: string): Promise<Uint8Array>
  /** A text as it comes. */
  stream(path: string): Promise<AsyncIterable<string>>
}

export type Query = Readonly<Record<string, string | number | boolean | undefined>>

/** `?a=1&b=2`, or nothing. */
export function queryText(query: Query): string {
  const values = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) if (value !== undefined) values.set(name, String(value))
  return values.size > 0 ? `?${values}` : ''
}

/** A path below /api/v1 whose values stay in their segments. */
export function at(strings: TemplateStringsArray, ...values: readonly string[]): string {
  return String.raw({ raw: strings }, ...values.map(encodeURIComponent))
}

const MOST_OF_PAGE = 200

/** The admin API of a gateway, by HTTP. @throws ApiProblem for what is no key: `fetch` would show it in its error */
export function adminApi(url: string, adminKey: string): AdminApi {
  if (!isSendable(adminKey)) {
    const detail =
      'The key has spaces or characters that no key has. Look at what SLUICE_ADMIN_KEY or the key file holds.'
    throw new ApiProblem({ detail })
  }
  const unlessLost = <T>(answer: Promise<T>) => answer.catch((cause) => Promise.reject(connectionLost(url, cause)))

  async function send(
    method: string,
    path: string,
    body?: string | FormData,
    headers: Record<string, string> = {},
  ): Promise<Response> {
    const asked = fetch(`${url}/api/v1${path}`, {
      method,
      headers: {
        authorization: `Bearer ${adminKey}`,
        ...(typeof body === 'string' ? { 'content-type': 'application/json' } : {}),
        ...headers,
      },
      ...(body === undefined ? {} : { body }),
    })
    const response = await unlessLost(asked)
    if (!response.ok) throw new ApiProblem(asProblem(await unlessLost(response.text()), response.status))
    return response
  }

  async function jsonOf<T>(response: Response): Promise<T> {
    const text = await unlessLost(response.text())
    try {
      return (text === '' ? null : parseExactly(text)) as T
    } catch {
      const detail = `What answers at ${url} is no gateway of Sluice, or something stands before it: its answer is not JSON.`
      throw new ApiProblem({ detail })
    }
  }

  async function* textsOf(response: Response): AsyncGenerator<string> {
    try {
      yield* response.body!.pipeThrough(new TextDecoderStream())
    } catch (cause) {
      throw connectionLost(url, cause)
    }
  }

  const api: AdminApi = {
    url,
    requestText: async (method, path, body) => jsonOf(await send(method, path, body)),
    request: (method, path, body) =>
      api.requestText(method, path, body === undefined ? undefined : JSON.stringify(body)),
    form: async (path, file, fields) => {
      const form = new FormData()
      for (const [name, value] of Object.entries(fields))
        form.set(name, typeof value === 'string' ? value : JSON.stringify(value))
      form.set('file', new Blob([file as Uint8Array<ArrayBuffer>]), 'documents.zip')
      return jsonOf(await send('POST', path, form))
    },
    bytes: async (path) => new Uint8Array(await unlessLost((await send('GET', path)).arrayBuffer())),
    async list<T>(path: string, query: Query = {}, most = Number.POSITIVE_INFINITY) {
      const items: T[] = []
      for (let cursor: string | null | undefined; cursor !== null && items.length < most; ) {
        const limit = Math.min(MOST_OF_PAGE, most - items.length)
        const page: PageOf<T> = await api.request('GET', path + queryText({ ...query, limit, cursor }))
        items.push(...page.items)
        cursor = page.nextCursor
      }
      return items
    },
    stream: async (path) => textsOf(await send('GET', path)),
    async update<T>(path: string, change: (current: T) => unknown) {
      const read = await send('GET', path)
      const tag = read.headers.get('etag')
      const body = JSON.stringify(change(await jsonOf<T>(read)))
      return jsonOf<T>(await send('PATCH', path, body, tag ? { 'if-match': tag } : {}))
    },
  }
  return api
}

/** Whether a header can hold it (RFC 9110 5.5), as every key can be held. */
export function isSendable(key: string): boolean {
  return /^[\x21-\x7e]+$/.test(key)
}

/** What was asked may have been done all the same. */
function connectionLost(url: string, cause: unknown): ApiProblem {
  const { message, cause: reason } = cause as Error
  const why = reason instanceof Error && reason.message !== '' ? reason.message : message
  const detail = `The gateway at ${url} did not answer to the end (${why}). Look whether it runs and whether it did what was asked, before you ask again.`
  return new ApiProblem({ detail })
}

/** Whether something answers there. */
export async function answers(url: string): Promise<boolean> {
  return fetch(`${url}/health/live`, { signal: AbortSignal.timeout(2_000) }).then(
    (response) => response.ok,
    () => false,
  )
}

function asProblem(text: string, status: number): Partial<ProblemDocument> {
  try {
    return JSON.parse(text) as ProblemDocument
  } catch {
    return { status, detail: `The gateway answered ${status} without a problem document.` }
  }
}

/** What happened, and what each fault in it asks for; nothing twice. */
function sayProblem({ detail = 'The gateway refused.', errors = [] }: Partial<ProblemDocument>): string {
  const lines = errors.map(({ pointer, detail: fault, fix }) => {
    const place = pointer && !fault.includes(pointer) ? `${pointer}: ` : ''
    return [fault === detail ? '' : `${place}${fault}`, fix].filter(Boolean).join(' ')
  })
  return [detail, ...lines.filter(Boolean)].join('\n')
}
