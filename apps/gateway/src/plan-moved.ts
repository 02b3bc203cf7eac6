import { Problem } from '@sluice/contract'

/** What was to be committed is not what was looked at. */
export function planMoved(of: 'document' | 'bundle', fix: string): Problem {
  const detail = `What would be changed is no longer what the plan said: the ${of}, your choice, or what is stored moved.`
  return new Problem('conflict', { detail, errors: [{ pointer: 'plan', detail, fix }] })
}
