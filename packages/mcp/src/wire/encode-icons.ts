import type { Icon } from '@modelcontextprotocol/server'

/** The icon of a tool or a server, as MCP has it since 2025-11-25; an older client leaves it. It was looked at when it was imported. */
export function encodeIcons(icon: string | undefined): { icons?: Icon[] } {
  if (icon === undefined) return {}
  const mimeType = /^data:([^;]+);/.exec(icon)?.[1]
  return { icons: [{ src: icon, ...(mimeType ? { mimeType } : {}) }] }
}
