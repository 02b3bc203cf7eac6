import type { ToolAnnotations } from '@sluice/contract'
import { isObject } from '@sluice/schema'
import { iconFault } from './icon-fault.ts'

/** What a document's author says of the tools it should become. */
export interface McpExtension {
  /** Whether the operation is meant to be a tool at all. */
  readonly include?: boolean
  readonly name?: string
  readonly title?: string
  readonly description?: string
  /** An https or data URL of a picture. */
  readonly icon?: string
  readonly annotations: Readonly<Partial<ToolAnnotations>>
}

/** A URL that is given for an icon and is none, and the key it stands at. */
export interface RefusedIcon {
  readonly key: readonly string[]
  readonly url: string
  readonly fault: string
}

/** Icons that one level gives and that are none. */
export function refusedIcons(level: unknown): RefusedIcon[] {
  return iconsOf(level).flatMap(({ key, url }) => {
    const fault = iconFault(url)
    return fault === undefined ? [] : [{ key, url, fault }]
  })
}

/** The extension of an operation: its own, then its path's, then the document's, each key by itself (B31). */
export function mcpExtension(levels: readonly [root: unknown, path: unknown, operation: unknown]): McpExtension {
  const said = levels.map(readLevel)
  return Object.assign({}, ...said, { annotations: Object.assign({}, ...said.map(({ annotations }) => annotations)) })
}

function readLevel(level: unknown): McpExtension {
  if (!isObject(level)) return { annotations: {} }
  const given = level['x-mcp'] ?? level['x-mcp-tool']
  const own = isObject(given) ? given : typeof given === 'boolean' ? { include: given } : {}
  const include = flagOf(own)
  return {
    ...(include === undefined ? {} : { include }),
    ...texts(own),
    ...iconOf(level),
    annotations: { ...hintsOf(own.annotations), ...hintsOf(level['x-mcp-annotations']) },
  }
}

/** `include: true`, `enabled: false`, `exclude: true`, `disabled: true`: documents say it in all these ways. */
function flagOf(own: Record<string, unknown>): boolean | undefined {
  for (const key of ['include', 'enabled']) if (typeof own[key] === 'boolean') return own[key]
  for (const key of ['exclude', 'disabled']) if (typeof own[key] === 'boolean') return !own[key]
  return undefined
}

/** What the level itself says comes after `x-logo`, by which documents name the logo of their API. */
function iconsOf(level: unknown): Array<{ readonly key: readonly string[]; readonly url: string }> {
  if (!isObject(level)) return []
  const { info } = level
  const logo = isObject(info) ? info['x-logo'] : undefined
  const name = 'x-mcp' in level ? 'x-mcp' : 'x-mcp-tool'
  const own = level[name]
  const given = [
    { key: ['info', 'x-logo', 'url'], url: isObject(logo) ? logo.url : undefined },
    { key: [name, 'icon'], url: isObject(own) ? own.icon : undefined },
  ]
  return given.flatMap(({ key, url }) => (typeof url === 'string' && url !== '' ? [{ key, url }] : []))
}

function iconOf(level: unknown): Pick<McpExtension, 'icon'> {
  const icon = iconsOf(level).findLast(({ url }) => iconFault(url) === undefined)
  return icon ? { icon: icon.url } : {}
}

function texts(own: Record<string, unknown>): Pick<McpExtension, 'name' | 'title' | 'description'> {
  const kept = ['name', 'title', 'description'].filter((key) => typeof own[key] === 'string' && own[key] !== '')
  return Object.fromEntries(kept.map((key) => [key, own[key]]))
}

const HINTS = ['readOnlyHint', 'destructiveHint', 'idempotentHint', 'openWorldHint'] as const

function hintsOf(value: unknown): Partial<ToolAnnotations> {
  if (!isObject(value)) return {}
  return Object.fromEntries(HINTS.filter((hint) => typeof value[hint] === 'boolean').map((hint) => [hint, value[hint]]))
}

/** Hints that promise more than the method does: a document may not make a tool look safer than it is (S31). */
export function loosened(floor: ToolAnnotations, said: Partial<ToolAnnotations>): Array<keyof ToolAnnotations> {
  const looser: Record<keyof ToolAnnotations, boolean> = {
    readOnlyHint: said.readOnlyHint === true && !floor.readOnlyHint,
    destructiveHint: said.destructiveHint === false && floor.destructiveHint,
    idempotentHint: said.idempotentHint === true && !floor.idempotentHint,
    openWorldHint: said.openWorldHint === false && floor.openWorldHint,
  }
  return HINTS.filter((hint) => looser[hint])
}
