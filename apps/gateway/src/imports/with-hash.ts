/** A document as it was received. */
export interface ReceivedDocument {
  readonly bytes: Uint8Array
  /** SHA-256, hex. */
  readonly hash: string
}

/** Hashes beside the event loop, which many megabytes would hold up. */
export async function withHash(bytes: Uint8Array): Promise<ReceivedDocument> {
  const digest = await crypto.subtle.digest('SHA-256', bytes as Uint8Array<ArrayBuffer>)
  return { bytes, hash: Buffer.from(digest).toString('hex') }
}
