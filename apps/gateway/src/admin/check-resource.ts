import { Problem, type ProblemError, type SetResource } from '@sluice/contract'
import { uriFault } from '@sluice/openapi'
import { isBase64 } from './is-base64.ts'

/** Refuses a resource that nobody could read by its URI, or that holds nothing. @throws Problem `invalid-request` */
export function checkResource({ uri, text, blob }: SetResource): void {
  const fault = uriFault(uri)
  const errors: ProblemError[] = fault ? [{ pointer: '/uri', ...fault }] : []
  if ((text === undefined) === (blob === undefined)) {
    const detail = 'A resource holds either a `text`, or bytes as `blob`.'
    errors.push({ pointer: '/text', detail, fix: 'Keep one of the two.' })
  }
  if (blob !== undefined && !isBase64(blob))
    errors.push({ pointer: '/blob', detail: 'The blob is no base64.', fix: 'Encode the bytes as RFC 4648 4 has it.' })
  if (errors.length > 0) throw new Problem('invalid-request', { detail: errors[0]!.detail, errors })
}
