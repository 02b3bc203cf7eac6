/** The first of `wanted`, `wanted-2`, `wanted-3`, … that is free. */
export async function claimSlug(wanted: string, isFree: (slug: string) => Promise<boolean>): Promise<string> {
  for (let number = 1; ; number++) {
    const slug = numbered(wanted, number, '-', SLUG_CHARS)
    if (await isFree(slug)) return slug
  }
}

/** `text`, `text-2`, `text-3`, …: at most `maxChars`, the number included. */
export function numbered(text: string, number: number, joint: '-' | '_', maxChars: number): string {
  if (number === 1) return text.slice(0, maxChars)
  const suffix = `${joint}${number}`
  return text.slice(0, maxChars - suffix.length).replace(/[-_]+$/, '') + suffix
}

const SLUG_CHARS = 63
