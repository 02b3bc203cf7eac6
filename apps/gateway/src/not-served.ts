import { Problem } from '@sluice/contract'

/** What is said of a path that nothing is at. */
export function notServed(method: string, path: string): Problem {
  return new Problem('not-found', {
    detail: `${method} ${path} is not served here. The admin API lies below /api/v1, MCP servers at /mcp/<server>.`,
  })
}
