import { type Static, Type } from 'typebox'

/** How long an answer of the API may be served again. */
export const ToolCache = Type.Object(
  {
    ttlSeconds: Type.Integer({
      minimum: 1,
      maximum: 86_400,
      description: 'Seconds at most; what the API itself says (`Cache-Control`, `Expires`) can only shorten it.',
    }),
  },
  {
    additionalProperties: false,
    description: 'Same requests with the same credential are answered from memory. For tools that only read.',
    examples: [{ ttlSeconds: 60 }],
  },
)
export type ToolCache = Static<typeof ToolCache>

/** Methods whose answers may be kept: safe ones (RFC 9110 9.2.1, RFC 10008) but OPTIONS, which is not cacheable (9.3.7). */
export const CACHEABLE_METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'QUERY'])

/** What the cache did for a call: answered it, could not, or was told by the API that what it had is still right. */
export const CACHE_USES = ['hit', 'miss', 'revalidated'] as const
export type CacheUse = (typeof CACHE_USES)[number]
