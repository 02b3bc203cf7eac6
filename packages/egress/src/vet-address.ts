import ipaddr from 'ipaddr.js'

export type Address = ipaddr.IPv4 | ipaddr.IPv6

/** Why an address is not dialled. */
export interface AddressFault {
  /** What it is, with its article: "a private address". */
  readonly what: string
  /** No allow list changes it. */
  readonly final: boolean
}

/**
 * Decides on the bytes of an address whether it may be dialled. An address that carries another one (RFC 6052, 3056, 4380)
 * is decided on both: each must be public or allowed, and a metadata address is refused wherever it stands.
 */
export function vetAddress(text: string, allows: (address: Address) => boolean): AddressFault | undefined {
  if (!ipaddr.isValid(text)) return { what: 'not an IP address', final: true }
  const layers = layersOf(ipaddr.process(text))
  if (layers.some(isMetadata)) return { what: 'a cloud metadata address', final: true }
  for (const layer of layers) {
    const what = specialUse(layer)
    if (what && !allows(layer)) return { what, final: false }
  }
  return undefined
}

/** Where clouds hand credentials to whoever asks: AWS (instance, ECS, EKS), Alibaba, Azure, Oracle, Google. */
const METADATA = [
  '169.254.169.254',
  '169.254.170.2',
  '169.254.170.23',
  '100.100.100.200',
  '168.63.129.16',
  '192.0.0.192',
  'fd00:ec2::254',
  'fd00:ec2::23',
  'fd20:ce::254',
].map((text) => ipaddr.parse(text).toString())

function isMetadata(address: Address): boolean {
  return METADATA.includes(ipaddr.fromByteArray(address.toByteArray()).toString())
}

/** Names of the ranges that ipaddr.js tells apart; the rest is "reserved". */
const RANGES: Readonly<Record<string, string>> = {
  unspecified: 'an unspecified address',
  broadcast: 'a broadcast address',
  multicast: 'a multicast address',
  linkLocal: 'a link-local address',
  loopback: 'a loopback address',
  private: 'a private address',
  uniqueLocal: 'a private address',
  carrierGradeNat: 'a shared (carrier-grade NAT) address',
  rfc6145: 'a translated (SIIT) address',
  rfc6052: 'a translated (NAT64) address',
  '6to4': 'a tunnelled (6to4) address',
  teredo: 'a tunnelled (Teredo) address',
}

const GLOBAL_UNICAST = ipaddr.IPv6.parseCIDR('2000::/3')

/** What an address is set aside for; nothing for a public one. */
function specialUse(address: Address): string | undefined {
  const range = address.range()
  // RFC 4291 2.4 and the IANA registry: only 2000::/3 is given out. What lies outside is reserved, whatever it may become.
  const isPublic = range === 'unicast' && (address.kind() === 'ipv4' || address.match(GLOBAL_UNICAST))
  return isPublic ? undefined : (RANGES[range] ?? 'a reserved address')
}

/** Prefixes with an IPv4 address inside: at which bytes, and whether its bits are flipped. */
const EMBEDDINGS: ReadonlyArray<{ prefix: string; bytes: readonly number[]; flipped?: true }> = [
  { prefix: '::/96', bytes: [12, 13, 14, 15] }, // RFC 4291 2.5.5.1, deprecated
  { prefix: '::ffff:0:0:0/96', bytes: [12, 13, 14, 15] }, // RFC 2765
  { prefix: '64:ff9b::/96', bytes: [12, 13, 14, 15] }, // RFC 6052 2.1
  { prefix: '64:ff9b:1::/48', bytes: [12, 13, 14, 15] }, // RFC 8215, as a /96
  { prefix: '64:ff9b:1::/48', bytes: [6, 7, 9, 10] }, // RFC 8215, as RFC 6052 2.2 places it in a /48
  { prefix: '2002::/16', bytes: [2, 3, 4, 5] }, // RFC 3056 2
  { prefix: '2001::/32', bytes: [4, 5, 6, 7] }, // RFC 4380 4: the server
  { prefix: '2001::/32', bytes: [12, 13, 14, 15], flipped: true }, // RFC 4380 4: the client
]

/** An address and the ones it carries. IPv4-mapped addresses were unwrapped before: the system dials them as IPv4. */
function layersOf(address: Address): Address[] {
  if (address.kind() === 'ipv4' || ['loopback', 'unspecified'].includes(address.range())) return [address]
  const octets = address.toByteArray()
  const carried = EMBEDDINGS.filter(({ prefix }) => address.match(ipaddr.IPv6.parseCIDR(prefix))).map(
    ({ bytes, flipped }) => ipaddr.fromByteArray(bytes.map((at) => (flipped ? octets[at]! ^ 0xff : octets[at]!))),
  )
  return [address, ...carried]
}
