import { createHash } from 'node:crypto'
import type { Call, SendLimits } from '@sluice/contract'
import type { SignedRequest } from './apply-credential.ts'

/**
 * Names all that an answer depends on and all that it belongs to: two calls that differ in any of it never share one (S60).
 * The request is the very one that would be sent, secrets and passed-on headers included, so the key is a hash.
 */
export function cacheKey(
  { request, credentials }: Pick<SignedRequest, 'request' | 'credentials'>,
  { caller, tool, upstream }: Pick<Call, 'caller' | 'tool' | 'upstream'>,
  { allow, redirects }: Pick<SendLimits, 'allow' | 'redirects'>,
): string {
  const { method, url, headers, body = '' } = request
  // The order of different headers means nothing, that of one's values does (RFC 9110 5.3).
  const named = headers.map(([name, value]) => [name.toLowerCase(), value] as const).toSorted(byName)
  const text = JSON.stringify([
    // Access keys of a workspace may share; whom an access token speaks for is a person of their own.
    [caller.workspaceId, caller.subject?.issuer, caller.subject?.sub],
    [tool.id, tool.operationVersion, upstream.id, upstream.baseUrl, allow, redirects],
    // Sealed secrets: one that is set anew is another one, whatever its text.
    [credentials, tool.fixedArguments],
    [method, url, named],
  ])
  return createHash('sha256').update(text).update(body).digest('base64url')
}

function byName([one]: readonly [string, string], [other]: readonly [string, string]): number {
  return one === other ? 0 : one < other ? -1 : 1
}
