import type { Findings } from './findings.ts'

interface Server {
  readonly url: string
}

type Root = Record<string, unknown>

/** The `servers` that the host, the base path and the schemes of a Swagger 2.0 document are (Swagger Object). */
export function swaggerServers(root: Root, sourceUrl: string | undefined, findings: Findings): Server[] {
  const { own, more } = hostOf(root)
  if (own !== undefined || more) {
    const fix = 'Write the scheme in `schemes` and the path in `basePath`.'
    const message = `\`host\` is a name and a port (Swagger 2.0, Swagger Object); "${root.host}" was read as the URL it begins`
    findings.add({ code: 'host-invalid', severity: 'warning', pointer: '/host', message, fix })
  }
  if (Array.isArray(root.schemes) && root.schemes.length > 0 && webSchemes(root.schemes).length === 0) {
    const message = '`schemes` has neither http nor https; what has none is assumed'
    const fix = 'Name the scheme that the API is called by.'
    findings.add({ code: 'base-url-unread', severity: 'warning', pointer: '/schemes', message, fix })
  }
  return serversOf(root, sourceUrl)
}

/**
 * The servers of an operation with `schemes` of its own; nothing where they are those of all operations, or cannot be known. A document
 * that says neither host nor schemes leaves it to a person where its API lies, and by which scheme.
 */
export function operationServers(
  root: Root,
  schemes: readonly unknown[],
  sourceUrl: string | undefined,
  { pointer, findings }: { pointer: string; findings: Findings },
): Server[] | undefined {
  if (hostOf(root).host === '' && webSchemes(root.schemes).length === 0) return undefined
  const shared = schemeOf(serversOf(root, sourceUrl)[0], sourceUrl)
  if (shared !== undefined && schemes.includes(shared)) return undefined
  const servers = webSchemes(schemes).length > 0 ? serversOf({ ...root, schemes }, sourceUrl) : []
  if (/^https?:/.test(servers[0]?.url ?? '')) return servers
  const message =
    'Its own `schemes` make no http or https URL with the `host`; calls go where those of all operations go'
  findings.add({ code: 'base-url-unread', severity: 'warning', pointer, message })
  return undefined
}

function schemeOf({ url }: Server = { url: '/' }, sourceUrl: string | undefined): string | undefined {
  return URL.canParse(url, sourceUrl) ? new URL(url, sourceUrl).protocol.slice(0, -1) : undefined
}

function serversOf(root: Root, sourceUrl: string | undefined): Server[] {
  const path = typeof root.basePath === 'string' ? root.basePath : ''
  const { own, host, more } = hostOf(root)
  const schemes = webSchemes(root.schemes)
  if (host === '') return withoutHost(path, schemes, sourceUrl)
  const steps = [more.replace(/\/+$/, ''), path.replace(/^\/+/, '')].filter((step) => step !== '')
  const place = `//${host}${steps.map((step) => (step.startsWith('/') ? step : `/${step}`)).join('')}`
  const called = own === undefined ? schemes : [own]
  if (called.length > 0) return called.map((scheme) => ({ url: `${scheme}:${place}` }))
  // Without `schemes` it is the one that the document was got with, where it was got by one.
  return [{ url: place }, { url: `https:${place}` }]
}

/** Without `host` it is the one, port included, that the document was got from; its own scheme before others, since the port is for it. */
function withoutHost(path: string, schemes: readonly string[], sourceUrl: string | undefined): Server[] {
  const source = sourceUrl !== undefined && URL.canParse(sourceUrl) ? new URL(sourceUrl) : undefined
  const given = source?.protocol.slice(0, -1)
  if (!source?.host || !given || schemes.length === 0) return path ? [{ url: path }] : []
  const called = schemes.toSorted((a, b) => Number(b === given) - Number(a === given))
  return called.map((scheme) => ({ url: `${scheme}://${source.host}/${path.replace(/^\/+/, '')}` }))
}

/** Those that are called, the safe one first. */
function webSchemes(schemes: unknown): string[] {
  const listed = Array.isArray(schemes) ? schemes.map(String) : []
  return ['https', 'http'].filter((scheme) => listed.includes(scheme))
}

function hostOf({ host }: Root): { own?: string | undefined; host: string; more: string } {
  const [, own, name, more] = HOST.exec(typeof host === 'string' ? host : '')!
  return { own, host: name!, more: more! }
}

/** A scheme and a path have places of their own, but stand in many a host. */
const HOST = /^(?:([a-z][a-z0-9+.-]*):\/\/)?([^/]*)(.*)$/is
