import { percentEncode } from '@sluice/openapi'
import { parseJson, stringifyJson } from '@sluice/schema'

/** Shorter values would mask ordinary words. */
const SHORTEST = 8

const MASK = '[masked]'

/** Takes every echo of some secrets out of what an answer holds. */
export interface Mask {
  readonly text: (text: string) => string
  /** For JSON text, in which a secret may be spelled with escapes (`\/`, `\u0041`): those are undone first. */
  readonly json: (text: string) => string
  /** For bytes of any kind; others than a secret's stay as they are. */
  readonly bytes: (bytes: Uint8Array) => Uint8Array
}

/**
 * The mask of one call's secrets: each as it is, in base64, and URL-encoded (S34). Of `user:password` the password alone too.
 * Secrets of fewer than 8 characters are left.
 */
export function maskSecrets(secrets: readonly string[]): Mask {
  const forms = formsOf(secrets)
  if (forms.length === 0) return { text: asItIs, json: asItIs, bytes: asItIs }
  const text = (value: string) => replaceAll(value, forms)
  const asBytes = secrets.map((secret) => Buffer.from(secret).toString('latin1'))
  const byteForms = formsOf([...secrets, ...asBytes])
  return {
    text,
    json: (value) => text(/\\[/u]/.test(value) ? stringifyJson(parseJson(value)) : value),
    bytes: (bytes) => {
      const value = Buffer.from(bytes).toString('latin1')
      const masked = replaceAll(value, byteForms)
      return masked === value ? bytes : Buffer.from(masked, 'latin1')
    },
  }
}

function asItIs<T>(value: T): T {
  return value
}

function replaceAll(text: string, forms: readonly string[]): string {
  let masked = text
  for (const form of forms) if (masked.includes(form)) masked = masked.replaceAll(form, MASK)
  return masked
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
  // As encodeURIComponent has it, and as we write it in a URL ourselves, which encodes `!'()*` too.
  const encoded = [encodeURIComponent(secret.toWellFormed()), percentEncode(secret)]
  const lowerCase = encoded.map((text) => text.replaceAll(/%[0-9A-F]{2}/g, (escaped) => escaped.toLowerCase()))
  return [
    secret,
    // As it stands inside JSON text.
    JSON.stringify(secret).slice(1, -1),
    base64,
    base64.replaceAll('=', ''),
    Buffer.from(secret).toString('base64url'),
    ...encoded,
    ...lowerCase,
    ...encoded.map((text) => text.replaceAll('%20', '+')),
  ]
}
