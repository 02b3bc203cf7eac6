import { createHmac, timingSafeEqual } from 'node:crypto'
import type { Askable } from '../inputs-wanted.ts'

/** What a client said of itself when it initialized, for the requests that follow. */
export interface SessionFacts {
  /** Tells clients apart that say the same. A gateway of before gave none. */
  readonly id?: string
  readonly revision: string
  readonly name?: string
  readonly version?: string
  readonly askable?: Askable
}

/** Session ids that hold what they stand for: any gateway with the key reads them, and none keeps anything. */
export interface SessionIds {
  readonly make: (facts: SessionFacts, principal: string) => string
  /** Nothing for an id that was not made here, for somebody else, or that was changed. */
  readonly open: (id: string, principal: string) => SessionFacts | undefined
}

/** Only visible ASCII may stand in one (MCP 2025-11-25, Session Management); base64url and a dot are. */
export function createSessionIds(key: Uint8Array): SessionIds {
  const sign = (payload: string, principal: string) =>
    createHmac('sha256', key).update(`${principal}\n${payload}`).digest()
  return {
    make: (facts, principal) => {
      const payload = Buffer.from(JSON.stringify(facts)).toString('base64url')
      return `${payload}.${sign(payload, principal).toString('base64url')}`
    },
    open: (id, principal) => {
      const [payload = '', signature = ''] = id.split('.')
      const given = Buffer.from(signature, 'base64url')
      const wanted = sign(payload, principal)
      if (given.length !== wanted.length || !timingSafeEqual(given, wanted)) return undefined
      return JSON.parse(Buffer.from(payload, 'base64url').toString('utf8')) as SessionFacts
    },
  }
}
