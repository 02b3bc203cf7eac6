import { isObject } from '@sluice/schema'

/** The security schemes of a Swagger 2.0 document as OpenAPI 3 has them. */
export function swaggerSecurity(root: Record<string, unknown>): Record<string, unknown> {
  const declared = isObject(root.securityDefinitions) ? root.securityDefinitions : {}
  return Object.fromEntries(Object.entries(declared).map(([name, scheme]) => [name, securityScheme(scheme)]))
}

function securityScheme(scheme: unknown): unknown {
  if (!isObject(scheme)) return scheme
  if (scheme.type === 'basic') return { type: 'http', scheme: 'basic' }
  if (scheme.type !== 'oauth2') return scheme
  const flow = FLOWS[String(scheme.flow)] ?? String(scheme.flow)
  const { authorizationUrl, tokenUrl, scopes } = scheme
  return { type: 'oauth2', flows: { [flow]: { authorizationUrl, tokenUrl, scopes } } }
}

const FLOWS: Record<string, string> = { accessCode: 'authorizationCode', application: 'clientCredentials' }
