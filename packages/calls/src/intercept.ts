import type { Call } from '@sluice/contract'
import { stringifyJson } from '@sluice/schema'
import { type FixedArguments, showArguments } from './fixed-arguments.ts'

/** Runs an interceptor: JSON text in, JSON text of what it made out. @throws CallFailure `interceptor`, `timeout` */
export type RunInterceptor = (
  interceptor: { readonly name: string; readonly point: 'request' | 'response'; readonly source: string },
  input: string,
  limits: { readonly deadline: number; readonly workspaceId: string },
) => Promise<{ readonly outputText: string; readonly logs: readonly string[] }>

export interface InterceptDeps {
  readonly intercept: RunInterceptor
}

/** An interceptor of a call. */
export type Interceptor = Parameters<RunInterceptor>[0]

/** The interceptors of one point, in their order: the upstream's, then the tool's. */
export function interceptorsOf({ tool, upstream }: Call, point: Interceptor['point']): Interceptor[] {
  const key = `${point}Interceptor` as const
  if (upstream.steps?.[key] === undefined && tool.steps?.[key] === undefined) return []
  const owners = [
    { steps: upstream.steps, name: `the upstream "${upstream.slug}"` },
    { steps: tool.steps, name: `the tool "${tool.name}"` },
  ]
  return owners.flatMap(({ steps, name }) => {
    const source = steps?.[key]
    return source === undefined ? [] : [{ name: `${point} interceptor of ${name}`, point, source }]
  })
}

/** Hands a value from one interceptor to the next, and tells the trace what each made and logged. */
export async function runInterceptors(
  interceptors: readonly Interceptor[],
  value: string,
  call: Call,
  fixed: FixedArguments,
  { intercept }: InterceptDeps,
): Promise<string> {
  const { tool, upstream, trace, deadline, caller } = call
  const limits = { deadline, workspaceId: caller.workspaceId }
  const about = { name: tool.name, method: tool.operation.method, path: tool.operation.path, upstream: upstream.slug }
  const rest = `"arguments":${stringifyJson(showArguments(fixed))},"tool":${JSON.stringify(about)}`
  let current = value
  for (const interceptor of interceptors) {
    const { name, point } = interceptor
    const input = `{${JSON.stringify(point)}:${current},${rest}}`
    const { outputText, logs } = await intercept(interceptor, input, limits)
    current = outputText
    trace?.(`${point}-interceptor`, { interceptor: name, made: JSON.parse(current), logs })
  }
  return current
}
