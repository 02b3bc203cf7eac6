import type { IssuerRule, ScopeOffer, ToolRights } from '@sluice/contract'
import { isObject } from '@sluice/schema'

/** What an access token gives on the servers of its issuer. */
export interface Grant {
  /** Undefined: every tool; empty: nothing. */
  readonly rights: readonly ToolRights[] | undefined
  /** What it would give, too, with one more scope. */
  readonly offers: readonly ScopeOffer[]
}

/** A rule, ready to be asked. */
export interface KnownRule extends Pick<IssuerRule, 'scope' | 'claim'> {
  readonly rights: ToolRights
}

/** Reads an issuer's rules against the claims of one of its tokens: what those that hold give, taken together. */
export function grantOf(rules: readonly KnownRule[], claims: Readonly<Record<string, unknown>>): Grant {
  if (rules.length === 0) return { rights: undefined, offers: [] }
  const scopes = scopesOf(claims)
  const possible = rules.filter(({ claim }) => !claim || hasClaim(claims, claim))
  const holds = ({ scope }: KnownRule) => scope === undefined || scopes.has(scope)
  // Whoever asks for another token names all it is to have: it comes in place of this one.
  const kept = possible.flatMap(({ scope }) => (scope !== undefined && scopes.has(scope) ? [scope] : []))
  return {
    rights: possible.filter(holds).map(({ rights }) => rights),
    offers: possible
      .filter((rule) => !holds(rule))
      .map(({ scope, rights }) => ({ scopes: [...new Set([...kept, scope!])], rights })),
  }
}

/** Once for all tokens: a rule may name a thousand tools. */
export function readRule({ scope, claim, rights = {} }: IssuerRule): KnownRule {
  const { tools, tags, readOnly = false } = rights
  return {
    ...(scope === undefined ? {} : { scope }),
    ...(claim ? { claim } : {}),
    rights: { tools: tools ? new Set(tools) : null, tags: tags ? new Set(tags) : null, readOnly },
  }
}

/** All scopes that rules name, as metadata shows them. `offline_access` is between client and issuer alone. */
export function scopesNamed(rules: ReadonlyArray<Pick<KnownRule, 'scope'>>): string[] {
  const named = rules.flatMap(({ scope }) => (scope === undefined || scope === 'offline_access' ? [] : [scope]))
  return [...new Set(named)]
}

/** `scope` is one text with spaces between (RFC 8693 4.2); some issuers call it `scp`, or write a list. */
function scopesOf({ scope, scp }: Readonly<Record<string, unknown>>): ReadonlySet<string> {
  const told = [scope, scp].flat().filter((value) => typeof value === 'string')
  return new Set(told.flatMap((text) => text.split(' ')))
}

function hasClaim(claims: Readonly<Record<string, unknown>>, { name, value }: NonNullable<IssuerRule['claim']>) {
  return [claimOf(claims, name)].flat().some((one) => isPlain(one) && String(one) === value)
}

function isPlain(value: unknown): value is string | number | boolean {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
}

/** A claim may have dots in its own name, as those that are URLs do. */
function claimOf(claims: Readonly<Record<string, unknown>>, name: string): unknown {
  if (Object.hasOwn(claims, name)) return claims[name]
  let found: unknown = claims
  for (const part of name.split('.')) found = isObject(found) ? found[part] : undefined
  return found
}
