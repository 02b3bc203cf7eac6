import type { Call } from '@sluice/contract'
import type { Arguments } from '@sluice/openapi'
import { stringifyJson } from '@sluice/schema'

/** Runs an interceptor: JSON text in, JSON text of what it made out. @throws CallFailure `interceptor`, `timeout` */
export type RunInterceptor = (
  interceptor: { readonly name: string; readonly point: 'request' | 'response'; readonly source: string },
  input: string,
  limits: { readonly deadline: number },
) => Promise<{ readonly outputText: string; readonly logs: readonly string[] }>

export interface InterceptDeps {
  readonly intercept: RunInterceptor
}

/** Whose interceptor runs: the upstream's, then the tool's. */
interface Owned {
  readonly name: string
  readonly source: string
}

/** The interceptors of one point, in their order. */
export function interceptorsOf({ tool, upstream }: Call, point: 'request' | 'response'): Owned[] {
  const key = `${point}Interceptor` as const
  const owners = [
    { steps: upstream.steps, name: `the upstream "${upstream.slug}"` },
    { steps: tool.steps, name: `the tool "${tool.name}"` },
  ]
  return owners.flatMap(({ steps, name }) => {
    const source = steps?.[key]
    return source === undefined ? [] : [{ name: `${point} interceptor of ${name}`, source }]
  })
}

/** Hands a value from one interceptor to the next, and tells the trace what each made and logged. */
export async function runInterceptors(
  value: string,
  call: Call,
  args: Arguments,
  point: 'request' | 'response',
  { intercept }: InterceptDeps,
): Promise<string> {
  const { tool, upstream, trace, deadline } = call
  const about = { name: tool.name, method: tool.operation.method, path: tool.operation.path, upstream: upstream.slug }
  const rest = `"arguments":${stringifyJson(args)},"tool":${JSON.stringify(about)}`
  let current = value
  for (const { name, source } of interceptorsOf(call, point)) {
    const input = `{${JSON.stringify(point)}:${current},${rest}}`
    const { outputText, logs } = await intercept({ name, point, source }, input, { deadline })
    current = outputText
    trace?.(`${point}-interceptor`, { interceptor: name, made: JSON.parse(current), logs })
  }
  return current
}
