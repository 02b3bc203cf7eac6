import { Problem } from '@sluice/contract'
import { digitsReviver } from '@sluice/schema'
import { parse } from 'secure-json-parse'
import { findJsonFault } from './find-json-fault.ts'

/**
 * The JSON of a request's body. What cannot be read is told with its place, and keys that would reach prototypes are refused (S20).
 * Numbers keep their digits, for instance in an answer that is kept (B143).
 * @throws Problem `invalid-json`
 */
export function parseBody(bytes: Uint8Array): unknown {
  const text = new TextDecoder().decode(bytes)
  try {
    return parse(text, digitsReviver(text))
  } catch (cause) {
    const { pointer, detail, fix } = findJsonFault(text) ?? FORBIDDEN_KEY
    const errors = [{ pointer, detail, fix }]
    throw new Problem('invalid-json', { detail: `The body is not JSON. ${detail}`, errors, cause })
  }
}

const FORBIDDEN_KEY = {
  pointer: '',
  detail: 'It has a key that is taken nowhere: "__proto__", or "constructor" with a "prototype" within.',
  fix: 'Remove that key.',
}
