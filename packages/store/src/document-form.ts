/** What a document or an overlay is, by its first bytes: what a bundle calls it then does not depend on who wrote it. */
export function documentForm(bytes: Uint8Array): 'zip' | 'json' | 'yaml' {
  const start = Buffer.from(bytes.subarray(0, 64)).toString('latin1')
  if (start.startsWith('PK')) return 'zip'
  return /^[ \t\r\n]*\{/.test(start) ? 'json' : 'yaml'
}
