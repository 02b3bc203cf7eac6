import { type BodyKind, streamKind } from '@sluice/contract'

/** How a media type is written. */
export function kindOf(contentType: string): BodyKind {
  const type = contentType.split(';', 1)[0]!.trim().toLowerCase()
  const stream = streamKind(type)
  if (stream === 'lines' || stream === 'sequence') return 'ndjson'
  if (type === '*/*' || type === 'application/*' || /[/+]json$/.test(type)) return 'json'
  if (type === 'application/x-www-form-urlencoded') return 'form'
  if (type.startsWith('multipart/')) return 'multipart'
  if (/[/+]xml$/.test(type)) return 'xml'
  if (type.startsWith('text/') || /(yaml|javascript|graphql|sql|toml)$/.test(type)) return 'text'
  return 'binary'
}

/** Whether the parts of a multipart body may be a list: those of a form have names. */
export function takesList(contentType: string): boolean {
  return /^multipart\/(?!form-data)/i.test(contentType)
}
