import { errorCodes, type FastifyRequest } from 'fastify'

/**
 * The bytes of a body as they come: to join many megabytes would hold up calls.
 * @throws FastifyError `FST_ERR_CTP_BODY_TOO_LARGE` as soon as it is more than its route takes
 */
export async function bodyPieces(request: FastifyRequest, payload: FastifyRequest['raw']): Promise<Uint8Array[]> {
  const most = request.routeOptions.bodyLimit
  if (Number(request.headers['content-length']) > most) throw new errorCodes.FST_ERR_CTP_BODY_TOO_LARGE()
  const pieces: Uint8Array[] = []
  let bytes = 0
  // Not destroyed by what is thrown, which is still to be answered.
  for await (const piece of payload.iterator({ destroyOnReturn: false })) {
    bytes += piece.byteLength
    if (bytes > most) throw new errorCodes.FST_ERR_CTP_BODY_TOO_LARGE()
    pieces.push(piece)
  }
  return pieces
}
