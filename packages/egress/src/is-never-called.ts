import { soleAddress } from './allow-list.ts'
import { vetAddress } from './vet-address.ts'

/** Whether an entry of an allow list is one address that no list opens (S2). */
export function isNeverCalled(entry: string): boolean {
  const address = soleAddress(entry)
  return address !== undefined && vetAddress(address, () => true) !== undefined
}
