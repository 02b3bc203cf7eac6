/** RFC 9728 3 */
export const WELL_KNOWN = '/.well-known/oauth-protected-resource'

/** Where the metadata of a server lies: below the public URL, so that it is reached however the server is. */
export function metadataUrl(publicUrl: string, slug: string): string {
  return `${publicUrl}${WELL_KNOWN}/mcp/${slug}`
}
