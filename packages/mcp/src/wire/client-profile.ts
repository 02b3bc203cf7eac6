import type { AskedProfile, ClientProfile } from '@sluice/contract'

/**
 * What is known of clients, by the name they give themselves: what one of them would drop, cut or refuse is made to fit before
 * it is sent. `docs/reference/clients.md` says why.
 */
const KNOWN: ReadonlyArray<{ readonly name: RegExp; readonly profile: AskedProfile }> = [
  // Names of server and tool together have 60 characters; a longer one is left out.
  { name: /^cursor/i, profile: { nameChars: 40 } },
  // The server's name stands before the tool's, and both together are cut at 64.
  { name: /^gemini-cli/i, profile: { nameChars: 44 } },
]

/** The profile of a client: what its URL asks for, else what is known of its name, else what every client takes. */
export function clientProfile(
  { name, version }: { readonly name?: string | undefined; readonly version?: string | undefined },
  asked: AskedProfile = {},
): ClientProfile {
  const known = name === undefined ? undefined : KNOWN.find((one) => one.name.test(name))?.profile
  return {
    name: name === undefined ? 'unknown' : kept(name),
    ...(version ? { version: kept(version) } : {}),
    schema: 'portable',
    ...known,
    ...asked,
  }
}

const MOST_CHARS = 100

/** What a client says of itself stands in each record of its calls. A copy: a slice would keep all of a long text in memory. */
function kept(text: string): string {
  return text.length <= MOST_CHARS ? text.toWellFormed() : Buffer.from(text.slice(0, MOST_CHARS)).toString()
}
