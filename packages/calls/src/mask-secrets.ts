/** Shorter values would mask ordinary words. */
const SHORTEST = 8

/** Takes every echo of a secret out of a text: as it is, in base64, and URL-encoded (S34). For `user:password` both halves too. */
export function maskSecrets(text: string, secrets: readonly string[]): string {
  let masked = text
  for (const form of formsOf(secrets)) if (masked.includes(form)) masked = masked.replaceAll(form, '[masked]')
  return masked
}

function formsOf(secrets: readonly string[]): string[] {
  const plain = secrets.flatMap((secret) => [
    secret,
    ...(secret.includes(':') ? [secret.slice(secret.indexOf(':') + 1)] : []),
  ])
  const forms = plain
    .filter((secret) => secret.length >= SHORTEST)
    .flatMap((secret) => {
      const base64 = Buffer.from(secret).toString('base64')
      // As it stands inside JSON text, and without the padding that another encoder leaves out.
      return [
        secret,
        JSON.stringify(secret).slice(1, -1),
        base64,
        base64.replaceAll('=', ''),
        Buffer.from(secret).toString('base64url'),
        encodeURIComponent(secret),
      ]
    })
  return [...new Set(forms)].toSorted((a, b) => b.length - a.length)
}
