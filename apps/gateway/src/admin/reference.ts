import { createHash } from 'node:crypto'
import Fastify, { type FastifyInstance } from 'fastify'

/**
 * The admin API's document as a page to read, at `/api/v1/reference/`. Everything it shows comes from this gateway: the page
 * may load nothing from elsewhere, and sends nothing there.
 */
export async function referenceRoutes(app: FastifyInstance): Promise<void> {
  // Made at the first visit: most processes never show it, and its script alone is 4 MB.
  let made: Promise<FastifyInstance> | undefined
  const visit = async (path: string) => {
    made ??= createPages()
    return (await made).inject(path)
  }
  app.get('/reference', async (_request, reply) => reply.redirect('reference/', 301))
  app.get('/reference/', async (_request, reply) => {
    const page = (await visit('/')).payload
    return reply.type('text/html; charset=utf-8').header('content-security-policy', policyFor(page)).send(page)
  })
  app.get('/reference/js/scalar.js', async (_request, reply) => {
    const { payload } = await visit('/js/scalar.js')
    return reply.type('text/javascript; charset=utf-8').header('cache-control', 'max-age=3600').send(payload)
  })
}

async function createPages(): Promise<FastifyInstance> {
  const { default: scalar } = await import('@scalar/fastify-api-reference')
  const pages = Fastify()
  await pages.register(scalar, { routePrefix: '/', configuration: SETTINGS })
  return pages
}

const SETTINGS = {
  url: '../openapi.json',
  pageTitle: 'Sluice admin API',
  favicon: 'data:,',
  // What would call services of others.
  withDefaultFonts: false,
  telemetry: false,
  agent: { disabled: true },
  mcp: { disabled: true },
  showDeveloperTools: 'never',
  hideClientButton: true,
} as const

/** The page's one inline script by its hash; styles are made by the script while it runs. */
function policyFor(page: string): string {
  const inline = [...page.matchAll(/<script type="text\/javascript">([\s\S]*?)<\/script>/g)].map(([, text]) => text!)
  const hashes = inline.map((text) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`)
  return [
    "default-src 'none'",
    `script-src 'self' ${hashes.join(' ')}`,
    "style-src 'unsafe-inline'",
    "img-src 'self' data:",
    "font-src 'self' data:",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ')
}
