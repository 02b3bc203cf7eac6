import { Problem } from '@sluice/contract'
import type { FastifyInstance } from 'fastify'
import { notServed } from '../not-served.ts'

/**
 * What is asked of a path that is served, with a method that is not, is answered with those that are (RFC 9110 15.5.6). To be
 * called before the routes are added.
 */
export function refuseMethod(app: FastifyInstance): void {
  const served: Array<{ readonly path: RegExp; readonly methods: readonly string[] }> = []
  app.addHook('onRoute', ({ url, method }) => {
    // Names of parameters hold no character that means something in an expression; paths hold dots.
    const path = new RegExp(`^${url.replaceAll('.', '\\.').replaceAll(/:\w+/g, '[^/]+')}$`)
    served.push({ path, methods: [method].flat() })
  })
  app.setNotFoundHandler((request, reply) => {
    const [path] = request.url.split('?', 1) as [string]
    const allowed = new Set(served.filter((one) => one.path.test(path)).flatMap(({ methods }) => methods))
    if (allowed.size === 0) throw notServed(request.method, path)
    const allow = [...allowed].toSorted().join(', ')
    reply.header('allow', allow)
    throw new Problem('method-not-allowed', {
      detail: `${request.method} is not served at ${path}; ${allow} ${allowed.size === 1 ? 'is' : 'are'}.`,
    })
  })
}
