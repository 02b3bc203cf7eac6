import type { Diagnostic, HoldPolicy, ReadSpec, SecurityScheme } from '@sluice/contract'

type Schemes = Readonly<Record<string, SecurityScheme>>

/**
 * A document with the security schemes that its upstream has after the import. A document that is not agreed to cannot say that a stored
 * credential goes elsewhere in the request: a scheme that changed stays as it was, and that is said (S29, S42).
 */
export function settleSchemes(
  spec: ReadSpec,
  stored: Schemes | undefined,
  about: { readonly policy: HoldPolicy; readonly accept: boolean },
): ReadSpec {
  if (!stored || about.accept || about.policy === 'none') return spec
  const declared = spec.securitySchemes
  // One that vanished counts too: it could come back as something else.
  const changed = Object.keys(stored).filter(
    (name) => !Object.hasOwn(declared, name) || !same(declared[name], stored[name]),
  )
  const kept = Object.fromEntries(changed.map((name) => [name, stored[name]!]))
  return {
    ...spec,
    securitySchemes: { ...declared, ...kept },
    diagnostics: [...changed.map(heldScheme), ...spec.diagnostics],
  }
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
    message: `The security scheme "${name}" is another than before, or gone; its credential goes on being sent as it was`,
    fix: 'Look at it, and import with `accept` to agree.',
  }
}
