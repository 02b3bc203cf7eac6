import { type ImportCommit, type ImportCredential, Problem, type SecurityScheme } from '@sluice/contract'

/**
 * Finds the security scheme that a credential given with an import is meant for, and brings it into the form that is sealed:
 * the key or token, or `user:password` for basic.
 * @throws Problem `credential-mismatch`
 */
export function chooseCredential(
  given: ImportCredential | undefined,
  schemes: Readonly<Record<string, SecurityScheme>>,
  baseUrl: string,
): ImportCommit['credential'] {
  if (!given) return undefined
  const isPair = given.username !== undefined || given.password !== undefined
  if (isPair === (given.value !== undefined))
    throw mismatch('A credential has either a value, or a username and a password.', '/credential')
  const fitting = Object.entries(schemes).filter(([, scheme]) => takes(scheme, isPair))
  const scheme =
    given.scheme ??
    onlyOne(
      fitting.map(([name]) => name),
      Object.keys(schemes),
      isPair,
    )
  if (!fitting.some(([name]) => name === scheme))
    throw mismatch(noSuchScheme(scheme, schemes, isPair), '/credential/scheme')
  const secret = isPair ? `${given.username ?? ''}:${given.password ?? ''}` : given.value!
  // RFC 9110 5.5: it will stand in a header, a URL or a cookie.
  if (/[\u0000-\u001F\u007F]/.test(secret))
    throw mismatch('A credential may not hold line breaks or control characters.', '/credential')
  return { scheme, secret, origins: [new URL(baseUrl).origin] }
}

function takes(scheme: SecurityScheme, isPair: boolean): boolean {
  if (scheme.type === 'http') return isPair ? scheme.scheme === 'basic' : scheme.scheme === 'bearer'
  return !isPair && (scheme.type === 'apiKey' || scheme.type === 'oauth2' || scheme.type === 'openIdConnect')
}

function onlyOne(fitting: readonly string[], all: readonly string[], isPair: boolean): string {
  if (fitting.length === 1) return fitting[0]!
  const kind = isPair ? 'a user name and password' : 'a key or token'
  if (fitting.length === 0)
    throw mismatch(
      `No security scheme of the document takes ${kind}; it has ${all.join(', ') || 'none'}.`,
      '/credential',
    )
  throw mismatch(
    `Several security schemes take ${kind}: name one of ${fitting.join(', ')} as \`scheme\`.`,
    '/credential/scheme',
  )
}

function noSuchScheme(name: string, schemes: Readonly<Record<string, SecurityScheme>>, isPair: boolean): string {
  const names = Object.keys(schemes).join(', ') || 'none'
  if (!Object.hasOwn(schemes, name)) return `The document has no security scheme "${name}"; it has ${names}.`
  return `The security scheme "${name}" does not take ${isPair ? 'a user name and password' : 'a key or token'}.`
}

function mismatch(detail: string, pointer: string): Problem {
  return new Problem('credential-mismatch', { detail, errors: [{ pointer, detail }] })
}
