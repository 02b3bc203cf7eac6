import { type HeaderList, headerValue } from '@sluice/contract'

/** What a file that an API answers is called, by the name that it gives it; else by this one. */
export function answerUri(headers: HeaderList, otherwise: string): string {
  const disposition = headerValue(headers, 'content-disposition') ?? ''
  // RFC 6266 4.3: the encoded name is preferred.
  const encoded = /filename\*\s*=\s*utf-8'[^']*'([\w!#$&+.^`|~%-]+)/i.exec(disposition)?.[1]
  if (encoded !== undefined) return `sluice://answer/${encoded}`
  const name = /filename\s*=\s*"?([^";]+)"?/i.exec(disposition)?.[1]
  return `sluice://answer/${encodeURIComponent((name ?? otherwise).toWellFormed())}`
}
