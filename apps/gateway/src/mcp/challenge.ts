import { Problem } from '@sluice/contract'

/** A refusal that tells a client how to get an access token that would do (RFC 6750 3, RFC 9728 5.1). */
export class Challenge extends Problem {
  /** For `WWW-Authenticate`. */
  readonly authenticate: string

  constructor(code: 'unauthorized' | 'insufficient-scope', detail: string, parameters: ChallengeParameters) {
    super(code, { detail })
    const { error, reason, metadataUrl, scopes = [] } = parameters
    const told: Array<[string, string | undefined]> = [
      ['realm', 'sluice'],
      ['error', error],
      ['error_description', reason],
      ['resource_metadata', metadataUrl],
      ['scope', scopes.length > 0 ? scopes.join(' ') : undefined],
    ]
    const text = told.flatMap(([name, value]) => (value === undefined ? [] : [`${name}="${value}"`])).join(', ')
    this.authenticate = `Bearer ${text}`
  }
}

/** None may hold a quote or a backslash. */
interface ChallengeParameters {
  /** Absent where no token was sent. */
  readonly error?: 'invalid_token' | 'insufficient_scope'
  readonly reason?: string
  readonly metadataUrl: string
  /** All that a token needs. */
  readonly scopes?: readonly string[]
}
