import type { Upstream } from '@sluice/contract'
import { isNeverCalled } from '@sluice/egress'
import type { AdminDeps } from './deps.ts'

/** An upstream with why its calls will be refused for where it lies, and which of its allowances open nothing: as an import says it (S2). */
export async function withRefusals(upstream: Upstream, workspaceId: string, { imports }: AdminDeps): Promise<Upstream> {
  const { baseUrl, allow, notes = [] } = upstream
  const refusal = await imports.foreseeRefusal(baseUrl, { allow, workspaceId })
  const told = [
    ...(refusal ? [`Calls will be refused: ${refusal}`] : []),
    ...allow.filter(isNeverCalled).map((entry) => `${entry} is never called, whatever is allowed.`),
  ]
  return told.length > 0 ? { ...upstream, notes: [...told, ...notes] } : upstream
}
