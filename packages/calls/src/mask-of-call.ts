import type { CatalogUpstream } from '@sluice/contract'
import { type Mask, maskSecrets, NO_MASK } from './mask-secrets.ts'

/**
 * The mask of the secrets that a call was signed with. Nearly all calls of an upstream have the same ones, and working out how they
 * may be spelled takes far longer than looking for them: the last mask is kept for as long as the upstream is served as it is.
 */
export function maskOfCall(upstream: CatalogUpstream, secrets: readonly string[]): Mask {
  if (secrets.length === 0) return NO_MASK
  const key = JSON.stringify(secrets)
  const known = lastMasks.get(upstream)
  if (known?.key === key) return known.mask
  const mask = maskSecrets(secrets)
  lastMasks.set(upstream, { key, mask })
  return mask
}

const lastMasks = new WeakMap<CatalogUpstream, { readonly key: string; readonly mask: Mask }>()
