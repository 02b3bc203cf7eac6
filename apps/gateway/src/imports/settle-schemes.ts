import type { Diagnostic, HoldPolicy, SecurityScheme } from '@sluice/contract'

type Schemes = Readonly<Record<string, SecurityScheme>>

/**
 * The security schemes that an upstream has after an import. A document that is not agreed to cannot say that a stored
 * credential goes elsewhere in the request: a scheme that changed stays as it was, and that is said (S29, S42).
 */
export function settleSchemes(
  declared: Schemes,
  stored: Schemes | undefined,
  about: { readonly policy: HoldPolicy; readonly accept: boolean },
): { readonly schemes: Schemes; readonly diagnostics: readonly Diagnostic[] } {
  if (!stored || about.accept || about.policy === 'none') return { schemes: declared, diagnostics: [] }
  const changed = Object.keys(declared).filter(
    (name) => Object.hasOwn(stored, name) && !same(declared[name], stored[name]),
  )
  const kept = Object.fromEntries(changed.map((name) => [name, stored[name]!]))
  return { schemes: { ...declared, ...kept }, diagnostics: changed.map(heldScheme) }
}

function same(one: unknown, other: unknown): boolean {
  return JSON.stringify(sorted(one)) === JSON.stringify(sorted(other))
}

/** The database gives the keys of an object in an order of its own. */
function sorted(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  const entries = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1))
  return Object.fromEntries(entries.map(([key, item]) => [key, sorted(item)]))
}

function heldScheme(name: string): Diagnostic {
  return {
    code: 'security-scheme-held',
    severity: 'warning',
    pointer: '',
    message: `The security scheme "${name}" is another than before; its credential goes on being sent as it was`,
    fix: 'Look at it, and import with `accept` to agree.',
  }
}
