/** A request body on its way to the wire. */
export interface EncodedBody {
  readonly contentType: string
  readonly data: string | Uint8Array
}
