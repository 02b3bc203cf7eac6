import { parseJson, stringifyJson } from '@sluice/schema'

/** Shorter values would mask ordinary words. */
const SHORTEST = 8

const MASK = '[masked]'

/**
 * Takes every echo of a secret out of a text: as it is, in base64, and URL-encoded (S34). Of `user:password` the password alone
 * too. Secrets of fewer than 8 characters are left.
 */
export function maskSecrets(text: string, secrets: readonly string[]): string {
  let masked = text
  for (const form of formsOf(secrets)) if (masked.includes(form)) masked = masked.replaceAll(form, MASK)
  return masked
}

/** The same for JSON text, in which a secret may be spelled with escapes (`\\/`, `\\u0041`): those are undone first. */
export function maskJson(text: string, secrets: readonly string[]): string {
  if (secrets.length === 0) return text
  return maskSecrets(/\\[/u]/.test(text) ? stringifyJson(parseJson(text)) : text, secrets)
}

/** The same for bytes of any kind; others than a secret's stay as they are. */
export function maskBytes(bytes: Uint8Array, secrets: readonly string[]): Uint8Array {
  if (secrets.length === 0) return bytes
  const text = Buffer.from(bytes).toString('latin1')
  const asBytes = secrets.map((secret) => Buffer.from(secret).toString('latin1'))
  const masked = maskSecrets(text, [...secrets, ...asBytes])
  return masked === text ? bytes : Buffer.from(masked, 'latin1')
}

function formsOf(secrets: readonly string[]): string[] {
  const plain = secrets.flatMap((secret) => [
    secret,
    ...(secret.includes(':') ? [secret.slice(secret.indexOf(':') + 1)] : []),
  ])
  const forms = plain.filter((secret) => secret.length >= SHORTEST).flatMap(spellings)
  return [...new Set(forms)].toSorted((a, b) => b.length - a.length)
}

function spellings(secret: string): string[] {
  const base64 = Buffer.from(secret).toString('base64')
  const encoded = encodeURIComponent(secret)
  const lowerCase = encoded.replaceAll(/%[0-9A-F]{2}/g, (escaped) => escaped.toLowerCase())
  return [
    secret,
    // As it stands inside JSON text.
    JSON.stringify(secret).slice(1, -1),
    base64,
    base64.replaceAll('=', ''),
    Buffer.from(secret).toString('base64url'),
    encoded,
    lowerCase,
    encoded.replaceAll('%20', '+'),
  ]
}
