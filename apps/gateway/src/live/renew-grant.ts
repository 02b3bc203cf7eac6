import type { RenewSecret } from '@sluice/calls'
import { CallFailure, Problem } from '@sluice/contract'
import { renewSecret, type Sealer, type Store } from '@sluice/store'
import { isAway } from './is-away.ts'

/** Renews what token grants hold in the store, in words that a model can read where that fails. */
export function renewGrant(store: Store, { seal }: Sealer): RenewSecret {
  return async (sealed, renew) => {
    const asText = async (stored: typeof sealed) => {
      const secret = await renew(stored)
      return secret && JSON.stringify(secret)
    }
    await renewSecret(store, sealed, asText, seal).catch((cause: unknown) => {
      if (cause instanceof CallFailure) throw cause
      if (cause instanceof Problem && !isAway(cause))
        throw new CallFailure('needs-authorization', 'The credential was deleted. Nothing was sent to the API.', {
          cause,
        })
      const message = 'The database does not answer, so no new access token was got. Nothing was sent to the API.'
      throw new CallFailure('upstream', message, { cause })
    })
  }
}
