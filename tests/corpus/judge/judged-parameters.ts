import { follow, isPlain, type Plain } from '../walk-operations.ts'

/**
 * The parameters of an operation that a caller gives. Left out are those that a client or its credential sets, so that no
 * argument stands for them: `Accept`, `Content-Type` and `Authorization` "SHALL be ignored" (OpenAPI 3.0.4, 4.7.12.1), framing
 * and hop-by-hop headers are no sender's to choose (RFC 9110 7.6.1), and a key is sent by the security scheme that the operation
 * wants.
 */
export function judgedParameters(root: Plain, list: unknown, security: unknown): unknown {
  if (!Array.isArray(list)) return undefined
  const keys = keysOf(root, security)
  return list.flatMap((entry) => {
    const parameter = follow(root, entry)
    if (!parameter) return [entry]
    if (isSetElsewhere(parameter, keys)) return []
    return parameter.style === 'form' && parameter.explode === undefined ? [{ ...parameter, explode: true }] : [entry]
  })
}

const NO_ARGUMENT =
  /^(accept|content-type|authorization|host|cookie|content-length|connection|keep-alive|te|trailer|transfer-encoding|upgrade|expect|forwarded|via|x-forwarded-.*|x-real-ip|proxy-.*)$/i

function isSetElsewhere({ in: place, name }: Plain, keys: ReadonlySet<string>): boolean {
  const key = keyOf(place, name)
  return keys.has(key) || (place === 'header' && NO_ARGUMENT.test(String(name)))
}

function keysOf(root: Plain, security: unknown): ReadonlySet<string> {
  const components = isPlain(root.components) ? root.components.securitySchemes : root.securityDefinitions
  const schemes = isPlain(components) ? components : {}
  const wanted = (Array.isArray(security) ? security : []).filter(isPlain).flatMap((one) => Object.keys(one))
  const keys = wanted.flatMap((name) => {
    const scheme = Object.hasOwn(schemes, name) ? schemes[name] : undefined
    const one = follow(root, scheme)
    return one?.type === 'apiKey' ? [keyOf(one.in, one.name)] : []
  })
  return new Set(keys)
}

function keyOf(place: unknown, name: unknown): string {
  return `${place} ${place === 'header' ? String(name).toLowerCase() : String(name)}`
}
