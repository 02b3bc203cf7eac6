import { createHash } from 'node:crypto'
import { type ImportCommit, type OperationChange, takingTurns } from '@sluice/contract'

/** Stands for exactly what a commit would write, and for what it would write it over. SHA-256, hex. */
export async function planIdOf({ upstream, spec, changes, server, credential, accept }: ImportCommit): Promise<string> {
  const hash = createHash('sha256').update(spec.contentHash)
  const { fetchHeaders, ...target } = upstream
  // The secret itself stays out: a hash of it would be one to guess at (S39).
  const fetching = {
    url: spec.refreshUrl,
    headers: fetchHeaders === undefined ? 'kept' : fetchHeaders === null ? 'none' : 'set',
  }
  const about = {
    target,
    fetching,
    accept,
    server,
    credential: credential && { scheme: credential.scheme, origins: credential.origins },
  }
  hash.update(JSON.stringify(about))
  const turn = takingTurns()
  for (const change of changes) {
    hash.update(JSON.stringify(traceOf(change)))
    await turn()
  }
  return hash.digest('hex')
}

function traceOf(change: OperationChange): readonly unknown[] {
  const stored = 'stored' in change ? change.stored : null
  if (change.kind === 'removed') return [change.kind, stored]
  const { method, path, contentHash } = change.derived
  return [
    change.kind,
    method,
    path,
    contentHash,
    change.kind === 'added' ? change.toolName : null,
    change.enable,
    'hold' in change ? (change.hold ?? false) : false,
    stored,
  ]
}
