import { Problem } from '@sluice/contract'
import type { FastifyRequest } from 'fastify'

/** The hosts a request may name: those of the public URL, those set, and loopback on our own port. */
export interface AllowedHosts {
  has(host: string): boolean
}

export function allowedHosts(options: {
  readonly publicUrl: string
  readonly port: number
  readonly configured: readonly string[]
}): AllowedHosts {
  const loopback = ['localhost', '127.0.0.1', '[::1]'].map((name) => `${name}:${options.port}`)
  const hosts = new Set(
    [new URL(options.publicUrl).host, ...loopback, ...options.configured].map((host) => host.toLowerCase()),
  )
  return { has: (host) => hosts.has(host.toLowerCase()) }
}

/**
 * A page on the web can send a browser here under a name of its own (DNS rebinding, S64): both headers that tell it apart are checked.
 * @throws Problem `host-not-allowed`
 */
export function guardHost(request: FastifyRequest, hosts: AllowedHosts): void {
  const { host, origin } = request.headers
  if (host === undefined || !hosts.has(host)) throw refused(`Host "${host ?? ''}"`, host)
  if (origin === undefined || request.routeOptions.config?.anyOrigin) return
  const originHost = URL.canParse(origin) ? new URL(origin).host : origin
  if (!hosts.has(originHost)) throw refused(`Origin "${origin}"`, originHost)
}

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Whatever page asks, it may read the answer. */
    anyOrigin?: boolean
  }
}

function refused(what: string, host: string | undefined): Problem {
  return new Problem('host-not-allowed', {
    detail: `The header ${what} is not served here. If this gateway is meant to be reached so, set PUBLIC_URL, or ALLOWED_HOSTS=${host ?? '<host>'}.`,
  })
}
