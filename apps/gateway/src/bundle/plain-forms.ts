import {
  type BundleIssuer,
  type BundleRule,
  type BundleSecrets,
  type BundleServer,
  type BundleTool,
  type BundleUpstream,
  type SetComposite,
  type SetPrompt,
  type SetResource,
  SIGNATURE_ALGORITHMS,
} from '@sluice/contract'
import { checkBaseUrl } from '@sluice/openapi'
import { plainOrigin } from '../plain-origins.ts'
import { sorted, trimmed } from './trimmed.ts'

// One form for what is read from a folder and what is read from the store: then equal things are equal.

export function plainUpstream({ refresh = {}, credentials = {}, ...about }: BundleUpstream): BundleUpstream {
  const presented = Object.entries(credentials).map(
    ([scheme, { origins, ...how }]) =>
      [scheme, { origins: spelledOrigins(origins).toSorted(), ...trimmed(how) }] as const,
  )
  const baseUrl = plainBaseUrl(about.baseUrl)
  const whole = { ...about, baseUrl, refresh: trimmed(refresh), credentials: sorted(Object.fromEntries(presented)) }
  return trimmed(whole, { holdChanges: 'review' })
}

/** What is none stays as it is, and is refused when it is applied, at its place. */
function spelledOrigins(origins: readonly string[]): string[] {
  return [...new Set(origins.map((text) => plainOrigin(text) ?? text))]
}

export function plainSecrets({ secrets }: BundleSecrets): BundleSecrets {
  const named = Object.entries(secrets).map(
    ([name, { origins }]) => [name, { origins: spelledOrigins(origins) }] as const,
  )
  return { secrets: sorted(Object.fromEntries(named)) }
}

/** As it is stored; what is none is refused when it is applied. */
function plainBaseUrl(text: string): string {
  try {
    return checkBaseUrl(text)
  } catch {
    return text
  }
}

export function plainTool(name: string, { enabled, manual, ...about }: BundleTool): BundleTool {
  const { operation, ...edits } = trimmed(about, { projection: 'auto' })
  // That it has none is another thing than that its document says which: keys are limited by tags.
  const noTags = about.tags?.length === 0 ? { tags: [] } : {}
  const made = manual && {
    ...manual,
    name: undefined,
    ...(manual.name === undefined || manual.name === name ? {} : { name: manual.name }),
  }
  return {
    ...(operation ? { operation } : {}),
    ...(made ? { manual: withoutUndefined(made) as NonNullable<BundleTool['manual']> } : {}),
    enabled,
    ...noTags,
    ...edits,
  }
}

export function plainTools(tools: Readonly<Record<string, BundleTool>>): Record<string, BundleTool> {
  return sorted(Object.fromEntries(Object.entries(tools).map(([name, tool]) => [name, plainTool(name, tool)])))
}

export function plainServer({ tools, ...about }: BundleServer): BundleServer {
  const placed = Object.entries(tools).flatMap(([upstream, those]) => {
    const each = Object.entries(those).map(([name, how]) => [name, trimmed(how)] as const)
    return each.length === 0 ? [] : [[upstream, sorted(Object.fromEntries(each))] as const]
  })
  const said = trimmed(about, { mode: 'auto', codeCalls: 'read-only' })
  return { ...said, name: about.name, tools: sorted(Object.fromEntries(placed)) }
}

export function plainIssuer(issuer: BundleIssuer): BundleIssuer {
  const servers = issuer.servers.toSorted()
  const audiences = issuer.audiences?.toSorted()
  const rules = issuer.rules?.map(plainRule)
  return trimmed({ ...issuer, servers, audiences, rules }, { algorithms: [...SIGNATURE_ALGORITHMS] }) as BundleIssuer
}

/** What a rule gives does not hang on the order of its tools. */
export function plainRule(rule: BundleRule): BundleRule {
  const { rights } = rule
  return rights?.tools ? { ...rule, rights: { ...rights, tools: rights.tools.toSorted() } } : rule
}

export function plainResource({ text, blob, ...about }: SetResource): SetResource {
  const isText = blob === undefined
  const said = trimmed(about, { mimeType: isText ? 'text/plain' : 'application/octet-stream' })
  return { ...said, ...(isText ? { text: text ?? '' } : { blob }) }
}

export function plainPrompt({ messages, ...about }: SetPrompt): SetPrompt {
  return { ...trimmed(about), messages }
}

export function plainComposite({ enabled = true, title, description, ...about }: SetComposite): SetComposite {
  const { code, tests, ...rest } = about
  // In the order in which a person reads it.
  const ordered = { title, description, ...rest, code, tests }
  const said = trimmed(ordered, { inputSchema: { type: 'object', properties: {} } })
  return { enabled, ...said } as SetComposite
}

function withoutUndefined(value: object): object {
  return Object.fromEntries(Object.entries(value).filter(([, one]) => one !== undefined))
}
