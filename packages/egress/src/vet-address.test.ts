import { expect, test } from 'vitest'
import { vetAddress } from './vet-address.ts'

const nothing = () => false
const everything = () => true

test.each([
  ['127.0.0.1', 'a loopback address'],
  ['127.255.255.254', 'a loopback address'],
  ['::1', 'a loopback address'],
  ['0.0.0.0', 'an unspecified address'],
  ['0.1.2.3', 'an unspecified address'],
  ['::', 'an unspecified address'],
  ['10.0.0.1', 'a private address'],
  ['172.16.0.1', 'a private address'],
  ['172.31.255.255', 'a private address'],
  ['192.168.1.1', 'a private address'],
  ['fc00::1', 'a private address'],
  ['fdff::1', 'a private address'],
  ['169.254.1.1', 'a link-local address'],
  ['fe80::1', 'a link-local address'],
  ['fe80::1%eth0', 'a link-local address'],
  ['100.64.0.1', 'a shared (carrier-grade NAT) address'],
  ['100.127.255.255', 'a shared (carrier-grade NAT) address'],
  ['198.18.0.1', 'a reserved address'],
  ['198.19.255.255', 'a reserved address'],
  ['224.0.0.1', 'a multicast address'],
  ['239.255.255.255', 'a multicast address'],
  ['ff02::1', 'a multicast address'],
  ['255.255.255.255', 'a broadcast address'],
  ['240.0.0.1', 'a reserved address'],
  ['192.0.0.1', 'a reserved address'],
  ['192.0.2.1', 'a reserved address'],
  ['198.51.100.1', 'a reserved address'],
  ['203.0.113.1', 'a reserved address'],
  ['2001:db8::1', 'a reserved address'],
  ['3fff::1', 'a reserved address'],
  ['fec0::1', 'a reserved address'],
  ['100::1', 'a reserved address'],
  ['4000::1', 'a reserved address'],
])('S1 B167 %s is refused as %s', (address, what) => {
  expect(vetAddress(address, nothing)).toEqual({ what, final: false })
})

test.each(['8.8.8.8', '93.184.216.34', '172.15.255.255', '172.32.0.1', '100.63.0.1', '100.128.0.1', '2606:4700::1111'])(
  '%s is public and passes',
  (address) => {
    expect(vetAddress(address, nothing)).toBeUndefined()
  },
)

test.each([
  '169.254.169.254',
  '169.254.170.2',
  '169.254.170.23',
  '100.100.100.200',
  '168.63.129.16',
  '192.0.0.192',
  'fd00:ec2::254',
  'fd00:ec2:0:0:0:0:0:254',
  '::ffff:169.254.169.254',
  '::ffff:a9fe:a9fe',
  '::169.254.169.254',
  '::a9fe:a9fe',
  '::ffff:0:a9fe:a9fe',
  '64:ff9b::a9fe:a9fe',
  '64:ff9b:1::a9fe:a9fe',
  '64:ff9b:1:a9fe:a9:fe00::',
  '2002:a9fe:a9fe::1',
  '2001:0:a9fe:a9fe::1',
  '2001::5601:5601',
])('S2 the metadata address %s is refused even when everything is allowed', (address) => {
  expect(vetAddress(address, everything)).toEqual({ what: 'a cloud metadata address', final: true })
})

test.each([
  ['::ffff:127.0.0.1', 'a loopback address'],
  ['::ffff:7f00:1', 'a loopback address'],
  ['::127.0.0.1', 'a loopback address'],
  ['::7f00:1', 'a reserved address'],
  ['::ffff:0:7f00:1', 'a translated (SIIT) address'],
  ['64:ff9b::7f00:1', 'a translated (NAT64) address'],
  ['64:ff9b:1::7f00:1', 'a translated (NAT64) address'],
  ['2002:7f00:1::', 'a tunnelled (6to4) address'],
  ['2001:0:7f00:1::', 'a tunnelled (Teredo) address'],
])('S3 %s is refused as %s', (address, what) => {
  expect(vetAddress(address, nothing)).toEqual({ what, final: false })
})

test('S3 allowing a NAT64 range does not allow the private addresses behind it', () => {
  const nat64 = (address: { kind(): string }) => address.kind() === 'ipv6'
  expect(vetAddress('64:ff9b::808:808', nat64)).toBeUndefined()
  expect(vetAddress('64:ff9b::a00:5', nat64)).toEqual({ what: 'a private address', final: false })
})

test('an IPv4-mapped public address passes as the IPv4 address it is', () => {
  expect(vetAddress('::ffff:8.8.8.8', nothing)).toBeUndefined()
})

test('a private address passes where it is allowed', () => {
  expect(vetAddress('10.0.0.5', everything)).toBeUndefined()
  expect(vetAddress('::1', everything)).toBeUndefined()
})

test('what is no address is refused even when everything is allowed', () => {
  expect(vetAddress('localhost', everything)).toEqual({ what: 'not an IP address', final: true })
})
