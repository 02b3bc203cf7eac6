import { CallFailure } from '@sluice/contract'
import type { AddressFault } from './vet-address.ts'

export interface RefusedAddress {
  /** As the URL has it, with a port that is not the default one. */
  readonly host: string
  readonly hostname: string
  /** What `hostname` resolved to. */
  readonly address: string
  readonly fault: AddressFault
  readonly allowSetting: string
  /** Whether the upstream's owner may allow it. */
  readonly isOwners: boolean
}

/** Says what was refused and who can change that; not the address, which agents read too (B140). */
export function refusal({ host, hostname, address, fault, allowSetting, isOwners }: RefusedAddress): CallFailure {
  const found = hostname === address ? `${host} is` : `${host} resolves to`
  if (fault.final)
    return new CallFailure('blocked', `${found} ${fault.what}, which is never called, whatever is allowed.`)
  const owners = `An owner can allow it for this upstream (\`allow: ["${host}"]\` on the import, --allow ${host} on the command line), the operator for all with`
  return new CallFailure(
    'blocked',
    `${found} ${fault.what}, which is not called. ${isOwners ? owners : 'The operator can allow it with'} ${allowSetting}=${host}.`,
  )
}
