import { type HeaderList, isReservedHeader, type OpenSecret, Problem, type SealedSecret } from '@sluice/contract'

/**
 * The headers that a document is fetched with: its own credential, apart from the API's (B16).
 * @throws Problem `invalid-request` for one that belongs to the connection
 */
export function givenFetchHeaders(given: Readonly<Record<string, string>> | undefined): HeaderList | undefined {
  if (given === undefined) return undefined
  return Object.entries(given).map(([name, value]) => {
    if (isReservedHeader(name)) throw unfit(name, `${name} belongs to the connection and is set by Sluice itself`)
    if (/[\u0000-\u0008\u000A-\u001F\u007F]|[^\u0000-\u00FF]/.test(value))
      throw unfit(name, `${name} holds what no header can`)
    return [name, value] as const
  })
}

/** Those that were sealed with an upstream. */
export function storedFetchHeaders(sealed: SealedSecret | null, openSecret: OpenSecret): HeaderList {
  const text = sealed === null ? '' : openSecret(sealed)
  // Empty: they are only named so far.
  return text === '' ? [] : Object.entries(JSON.parse(text) as Record<string, string>)
}

function unfit(name: string, detail: string): Problem {
  const errors = [{ pointer: `/fetchHeaders/${name}`, detail: `${detail}.`, fix: 'Leave it out.' }]
  return new Problem('invalid-request', { detail: `${detail}.`, errors })
}
