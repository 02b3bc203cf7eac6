import ipaddr from 'ipaddr.js'
import type { Address } from './vet-address.ts'

/** Exceptions from the refusal of addresses that are not public. */
export interface AllowList {
  /** `hostname` as a URL has it, without brackets. */
  allowsHost(hostname: string, port: number): boolean
  allowsAddress(address: Address, port: number): boolean
  /** Whether all that an entry of another list allows is allowed here, too. @throws Error for what is no entry */
  covers(entry: string): boolean
}

/**
 * Reads entries `host`, `host:port`, `10.0.0.5`, `10.0.0.5:8080`, `fd00::1`, `[fd00::1]:8080`, `10.0.0.0/8`, `fd00::/8`.
 * A host allows whatever it resolves to, an address or range allows every name that resolves into it.
 *
 * @throws Error naming the entry that is none of these.
 */
export function parseAllowList(entries: readonly string[]): AllowList {
  const parsed = entries.map(parseEntry)
  return {
    allowsHost: (hostname, port) => {
      const name = withoutRootDot(hostname)
      return parsed.some((entry) => entry.host === name && fits(entry, port))
    },
    allowsAddress: (address, port) =>
      parsed.some(
        ({ range, ...entry }) => range?.[0].kind() === address.kind() && address.match(range) && fits(entry, port),
      ),
    covers: (text) => {
      const wanted = parseEntry(text)
      return parsed.some((entry) => {
        if (entry.port !== undefined && entry.port !== wanted.port) return false
        return wanted.range ? holds(entry, wanted.range) : entry.host === wanted.host
      })
    },
  }
}

/** The one address that an entry is of; nothing for a host or a range. */
export function soleAddress(text: string): string | undefined {
  const [address, bits] = parseEntry(text).range ?? []
  return address && bits === (address.kind() === 'ipv4' ? 32 : 128) ? address.toString() : undefined
}

type Range = readonly [Address, number] & [Address, number]

interface Entry {
  readonly host?: string
  readonly range?: Range
  /** Absent: every port. */
  readonly port?: number
}

function holds({ range }: Entry, [address, bits]: Range): boolean {
  return range !== undefined && range[0].kind() === address.kind() && range[1] <= bits && address.match(range)
}

function fits(entry: Entry, port: number): boolean {
  return entry.port === undefined || entry.port === port
}

function parseEntry(text: string): Entry {
  const entry = parseRange(text) ?? parseHost(text)
  if (!entry) throw new Error(`"${text}" is not a host, host:port, IP address or CIDR range.`)
  return entry
}

function parseRange(text: string): Entry | undefined {
  const isRange = ipaddr.IPv4.isValidCIDRFourPartDecimal(text) || ipaddr.IPv6.isValidCIDR(text)
  return isRange ? { range: ipaddr.parseCIDR(text) } : undefined
}

function parseHost(text: string): Entry | undefined {
  if (ipaddr.IPv6.isValid(text)) return { range: single(text) }
  const [, name, digits] = /^(\[[^\]]+\]|[^:/?#@\s\\]+)(?::(\d{1,5}))?$/.exec(text) ?? []
  // The parser that reads what is called reads the entry too: case, IDNA and odd spellings of addresses come out alike.
  const url = name === undefined ? null : URL.parse(`http://${name}/`)
  if (!url || url.hostname.includes('*') || Number(digits) > 65_535) return undefined
  const port = digits === undefined ? {} : { port: Number(digits) }
  const hostname = url.hostname.replace(/^\[|\]$/g, '')
  return ipaddr.isValid(hostname) ? { range: single(hostname), ...port } : { host: withoutRootDot(hostname), ...port }
}

function single(text: string): [Address, number] {
  // An IPv4-mapped address is vetted as the IPv4 address it stands for, so it is allowed as that too.
  const address = ipaddr.process(text)
  return [address, address.kind() === 'ipv4' ? 32 : 128]
}

/** `localhost.` is `localhost` said in full (RFC 1034 3.1). */
function withoutRootDot(hostname: string): string {
  return hostname.toLowerCase().replace(/\.$/, '')
}
