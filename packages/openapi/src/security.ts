import { canPresent, type SecurityRequirement, type SecurityScheme } from '@sluice/contract'
import { isObject } from '@sluice/schema'
import type { Findings } from './findings.ts'
import { isToken } from './is-token.ts'
import { pointerTo, pointerTokens } from './json-pointer.ts'
import { resolveObject } from './resolve-object.ts'

/** The schemes a document declares, by name. */
export function securitySchemesOf(root: Record<string, unknown>, findings: Findings): Record<string, SecurityScheme> {
  const components = isObject(root.components) ? root.components : {}
  const declared = isObject(components.securitySchemes) ? components.securitySchemes : {}
  const schemes = Object.entries(declared).flatMap(([name, value]): Array<[string, SecurityScheme]> => {
    const located = resolveObject(root, value, pointerTo('/components/securitySchemes', name), findings)
    return located ? [[name, schemeOf(located.value)]] : []
  })
  return Object.fromEntries(schemes)
}

function schemeOf(value: Record<string, unknown>): SecurityScheme {
  const place = String(value.in)
  if (value.type === 'apiKey' && typeof value.name === 'string' && isKeyPlace(place)) {
    const name = value.name.trim()
    // RFC 9110 5.1, RFC 6265 4.1.1
    if (place === 'query' ? name !== '' : isToken(name)) return { type: 'apiKey', in: place, name }
    return { type: 'unsupported', declared: `a key in a ${place} that cannot be named ${JSON.stringify(name)}` }
  }
  if (value.type === 'http' && typeof value.scheme === 'string')
    return { type: 'http', scheme: value.scheme.toLowerCase() }
  if (value.type === 'oauth2') return { type: 'oauth2', flows: isObject(value.flows) ? value.flows : {} }
  if (value.type === 'openIdConnect') return { type: 'openIdConnect', url: String(value.openIdConnectUrl ?? '') }
  return { type: 'unsupported', declared: String(value.type) }
}

function isKeyPlace(place: string): place is 'header' | 'query' | 'cookie' {
  return place === 'header' || place === 'query' || place === 'cookie'
}

/**
 * The requirements of an operation: one is enough, and each names schemes that must all be met. What cannot be read does not mean
 * that nothing is wanted: then those hold that the operation inherits.
 */
export function securityOf(
  value: unknown,
  pointer: string,
  findings: Findings,
  inherited: readonly SecurityRequirement[],
): readonly SecurityRequirement[] {
  if (value === undefined || value === null) return inherited
  const invalid = (at: string, message: string) =>
    findings.add({ code: 'security-invalid', severity: 'warning', pointer: at, message })
  if (!Array.isArray(value)) {
    invalid(pointerTo(pointer, 'security'), '`security` is not a list; it was read as if it were not there')
    return inherited
  }
  const read = value.flatMap((requirement, index) => {
    if (isObject(requirement)) return [requirementOf(requirement)]
    invalid(pointerTo(pointer, 'security', index), 'A requirement is an object of schemes; this one was left out')
    return []
  })
  return read.length === 0 && value.length > 0 ? inherited : read
}

function requirementOf(requirement: Record<string, unknown>): SecurityRequirement {
  return Object.fromEntries(
    Object.entries(requirement).map(([name, scopes]) => [
      nameOf(name),
      Array.isArray(scopes) ? scopes.map(String) : [],
    ]),
  )
}

/** OpenAPI 3.2.0 4.30: a scheme may be named by its URI. */
function nameOf(name: string): string {
  return name.startsWith('#/components/securitySchemes/') ? pointerTokens(name).at(-1)! : name
}

type Schemes = Readonly<Record<string, SecurityScheme>>

/** Says which schemes that operations want no credential can meet (B146, B149), and gives the names of those that one can. */
export function tellSchemes(
  operations: readonly Wanting[],
  schemes: Schemes,
  { place, findings }: { readonly place: string; readonly findings: Findings },
): string[] {
  const wanted = new Map<string, Wanting>()
  for (const operation of operations)
    for (const name of operation.security.flatMap((requirement) => Object.keys(requirement)))
      if (!wanted.has(name)) wanted.set(name, operation)
  return [...wanted].flatMap(([name, operation]) => {
    const scheme = Object.hasOwn(schemes, name) ? schemes[name] : undefined
    if (scheme && canPresent(scheme)) return [name]
    const what = scheme ? `is ${kindOf(scheme)}, which Sluice cannot present` : 'is not declared'
    const message = `The security scheme "${name}" ${what}; calls that need it are refused`
    const pointer = scheme ? pointerTo(place, name) : pointerTo(operation.pointer, 'security')
    const code = scheme ? 'security-unsupported' : 'security-undeclared'
    const fix = scheme ? 'Set custom headers as a credential under another name.' : 'Declare it, or correct its name.'
    findings.add({ code, severity: 'warning', pointer, message, fix })
    return []
  })
}

interface Wanting {
  readonly pointer: string
  readonly security: readonly SecurityRequirement[]
}

function kindOf(scheme: SecurityScheme): string {
  if (scheme.type === 'http') return `HTTP ${scheme.scheme}`
  return scheme.type === 'unsupported' ? scheme.declared : scheme.type
}
