import { CallFailure, type Upstream, type UpstreamTest } from '@sluice/contract'
import type { AdminDeps } from './deps.ts'

/** Whether a call would reach its API, as far as connecting to it says. */
export async function testUpstream(
  { baseUrl, allow }: Upstream,
  workspaceId: string,
  { reach }: Pick<AdminDeps, 'reach'>,
): Promise<UpstreamTest> {
  try {
    await reach(baseUrl, { allow, workspaceId })
    return { ok: true, message: `${new URL(baseUrl).host} can be reached.` }
  } catch (error) {
    if (error instanceof CallFailure) return { ok: false, message: error.message }
    throw error
  }
}
