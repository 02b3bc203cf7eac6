import { CallFailure, type CallOutcome } from '@sluice/contract'

/** What was thrown to tell why a call failed is its outcome; anything else is a bug, and stays thrown. */
export async function asOutcome(act: () => Promise<CallOutcome>): Promise<CallOutcome> {
  try {
    return await act()
  } catch (error) {
    if (error instanceof CallFailure) return error.outcome
    throw error
  }
}

/** The same of what is told as text. */
export function toldAsOutcome(tell: () => Promise<string>): Promise<CallOutcome> {
  return asOutcome(async () => ({ ok: true, content: [{ type: 'text', text: await tell() }] }))
}
