import type { SecurityRequirement, SecurityScheme } from '@sluice/contract'
import { isObject } from '@sluice/schema'
import type { Findings } from './findings.ts'
import { pointerTo } from './json-pointer.ts'
import { resolveObject } from './resolve-object.ts'

/** The schemes a document declares, by name. */
export function securitySchemesOf(root: Record<string, unknown>, findings: Findings): Record<string, SecurityScheme> {
  const components = isObject(root.components) ? root.components : {}
  const declared = isObject(components.securitySchemes) ? components.securitySchemes : {}
  const schemes: Record<string, SecurityScheme> = {}
  for (const [name, value] of Object.entries(declared)) {
    const located = resolveObject(root, value, pointerTo('/components/securitySchemes', name), findings)
    if (located) schemes[name] = schemeOf(located.value)
  }
  return schemes
}

function schemeOf(value: Record<string, unknown>): SecurityScheme {
  const place = String(value.in)
  if (value.type === 'apiKey' && typeof value.name === 'string' && isKeyPlace(place)) {
    return { type: 'apiKey', in: place, name: value.name }
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

/** The requirements of an operation: one is enough, and each names schemes that must all be met. */
export function securityOf(value: unknown, findings: Findings, pointer: string): SecurityRequirement[] {
  if (value === undefined || value === null) return []
  if (!Array.isArray(value)) {
    const message = '`security` is not a list; it was read as none'
    findings.add({ code: 'security-invalid', severity: 'warning', pointer: pointerTo(pointer, 'security'), message })
    return []
  }
  return value
    .filter(isObject)
    .map((requirement) =>
      Object.fromEntries(
        Object.entries(requirement).map(([name, scopes]) => [name, Array.isArray(scopes) ? scopes.map(String) : []]),
      ),
    )
}
