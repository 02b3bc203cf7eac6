import { isIP } from 'node:net'
import { parseAllowList } from './allow-list.ts'
import { hostnameOf, type LaneLimits, type LaneOptions, vetterFor } from './lanes.ts'
import { readTarget } from './read-target.ts'

type Foresight = Pick<LaneOptions, 'allow' | 'allowSetting' | 'mayAllow' | 'lookup'>

/** How long a name is given to resolve, for what is only a hint. */
const MOST_MS = 2_000

/**
 * Why calls to a URL would be refused for its address, in the words of the refusal; nothing where they would not, or where the
 * name does not resolve now. Nothing is dialled, and nothing is decided: that happens when a call is made.
 */
export async function foreseeRefusal(url: string, limits: LaneLimits, options: Foresight): Promise<string | undefined> {
  const target = readTarget({ method: 'GET', url, headers: [] })
  const vet = vetterFor(target, parseAllowList(options.allow), limits, options)
  const hostname = hostnameOf(target)
  if (isIP(hostname)) return vet(hostname)?.message
  const { promise: tooLong, resolve: giveUp } = Promise.withResolvers<[]>()
  const timer = setTimeout(() => giveUp([]), MOST_MS)
  const found = await Promise.race([options.lookup(hostname).catch(() => []), tooLong])
  clearTimeout(timer)
  const refusals = found.map(({ address }) => vet(address))
  return refusals.length > 0 && refusals.every(Boolean) ? refusals[0]!.message : undefined
}
