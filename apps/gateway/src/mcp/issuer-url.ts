/**
 * What is wrong with a URL that decides whose keys are trusted, or nothing. Whoever sits between could answer plain HTTP with
 * keys of their own, so it is taken from this machine and from hosts that an owner named alone (RFC 8414 2).
 */
export function issuerUrlFault(text: string, allow: readonly string[]): string | undefined {
  const url = URL.parse(text)
  if (!url || !/^https?:$/.test(url.protocol) || /[^\x21-\x7E]/.test(text)) return 'is no URL of http or https'
  if (url.username !== '' || url.password !== '') return 'has a user name or password in it'
  if (url.protocol === 'https:' || LOOPBACK.test(url.hostname)) return undefined
  return allow.some((entry) => entry === url.host || entry === url.hostname)
    ? undefined
    : 'is not https, and its host is none of those in `allow`'
}

const LOOPBACK = /^(localhost|127(\.\d+){3}|\[::1\])$/
