import type { ProblemDocument } from '@sluice/contract'

/** The gateway refused; what it said is the message. */
export class ApiProblem extends Error {
  readonly problem: Partial<ProblemDocument>

  constructor(problem: Partial<ProblemDocument>) {
    super(sayProblem(problem))
    this.problem = problem
  }
}

export interface AdminApi {
  /** Sends JSON, answers with JSON. @throws ApiProblem */
  request<T>(method: string, path: string, body?: unknown): Promise<T>
  /** The same with a body that is JSON text already. */
  requestText<T>(method: string, path: string, body: string | undefined): Promise<T>
}

/** The admin API of a gateway, by HTTP. */
export function adminApi(url: string, adminKey: string): AdminApi {
  async function requestText<T>(method: string, path: string, body: string | undefined): Promise<T> {
    const response = await fetch(`${url}/api/v1${path}`, {
      method,
      headers: {
        authorization: `Bearer ${adminKey}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body }),
    })
    const text = await response.text()
    if (!response.ok) throw new ApiProblem(asProblem(text, response.status))
    return JSON.parse(text) as T
  }
  return {
    requestText,
    request: (method, path, body) => requestText(method, path, body === undefined ? undefined : JSON.stringify(body)),
  }
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

function sayProblem({ detail, errors = [] }: Partial<ProblemDocument>): string {
  const fixes = errors.flatMap(({ fix }) => (fix ? [fix] : []))
  return [detail ?? 'The gateway refused.', ...fixes].join('\n')
}
