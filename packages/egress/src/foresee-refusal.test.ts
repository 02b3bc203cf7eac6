import { expect, test } from 'vitest'
import { createEgress } from './create-egress.ts'

const ADDRESSES: Record<string, string[]> = {
  'public.test': ['93.184.216.34'],
  'private.test': ['10.0.0.5'],
  'both.test': ['10.0.0.5', '93.184.216.34'],
}
const egress = createEgress({
  allow: ['10.1.0.0/16'],
  allowSetting: 'EGRESS_ALLOW',
  lookup: async (name) => {
    const found = ADDRESSES[name]
    if (!found) throw new Error('no such name')
    return found.map((address) => ({ address, family: 4 }))
  },
})

test.each<[string, string, string[], RegExp | undefined]>([
  ['a public host', 'https://public.test/v1', [], undefined],
  [
    'a private host',
    'https://private.test/v1',
    [],
    /private\.test resolves to a private address.*EGRESS_ALLOW=private\.test/,
  ],
  ['a private host that is allowed', 'https://private.test/v1', ['private.test'], undefined],
  ['a host with a public address among others', 'https://both.test', [], undefined],
  ['an address', 'http://127.0.0.1:3000', [], /127\.0\.0\.1:3000 is a loopback address/],
  ['an address that the operator allows', 'http://10.1.2.3', [], undefined],
  ['S2 a metadata address, whatever is allowed', 'http://169.254.169.254', ['169.254.0.0/16'], /never called/],
  ['a name that does not resolve', 'https://nowhere.test', [], undefined],
])('it is foreseen what a call to %s would meet', async (_name, url, allow, want) => {
  const refusal = await egress.foreseeRefusal(url, { allow })
  if (want) expect(refusal).toMatch(want)
  else expect(refusal).toBe(undefined)
})
