import { mayForward, Problem, type UpstreamPolicy } from '@sluice/contract'

/** Refuses to pass on what says who a client is (B156). @throws Problem `invalid-request` with its place */
export function checkPolicy({ forwardHeaders = [] }: UpstreamPolicy = {}): void {
  const errors = forwardHeaders.flatMap((name, index) => {
    if (mayForward(name)) return []
    const detail = `${name} belongs to the client and its own connection: it is passed on to nobody.`
    const fix = 'Leave it out; what the API wants of that name is set as a credential or an argument.'
    return [{ pointer: `/policy/forwardHeaders/${index}`, detail, fix }]
  })
  if (errors.length > 0) throw new Problem('invalid-request', { detail: errors[0]!.detail, errors })
}
