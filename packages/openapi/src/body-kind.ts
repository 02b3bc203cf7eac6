import { type BodyKind, streamKind } from '@sluice/contract'

/** How a media type is written. */
export function kindOf(contentType: string): BodyKind {
  // Nearly every answer passes here with it.
  if (contentType === 'application/json') return 'json'
  const type = contentType.split(';', 1)[0]!.trim().toLowerCase()
  const stream = streamKind(type)
  if (stream === 'lines' || stream === 'sequence') return 'ndjson'
  if (type === '*/*' || type === 'application/*' || JSON_TYPE.test(type)) return 'json'
  if (type === 'application/x-www-form-urlencoded') return 'form'
  if (type.startsWith('multipart/')) return 'multipart'
  if (/[/+]xml$/.test(type)) return 'xml'
  if (type.startsWith('text/') || isYaml(type) || TEXT_TYPE.test(type)) return 'text'
  return 'binary'
}

/** Texts, though the type is `application`: their registrations say so. */
const TEXT_TYPE =
  /^application\/(.*(javascript|graphql|sql|toml|csv)|jwt|jose|sparql-(query|update)|pem-certificate-chain)$/

/** RFC 6839 3.1, and the names that vendors made before it: `application/x-json`, `application/x-amz-json-1.1`. */
const JSON_TYPE = /[/+.-]json(-\d+(\.\d+)*)?$/

/** Every JSON text is one in YAML (YAML 1.2.2, 1.2), so objects are written as that. */
export function isYaml(contentType: string): boolean {
  return /yaml$/i.test(contentType.split(';', 1)[0]!.trim())
}

/** Whether the parts of a multipart body may be a list: those of a form have names. */
export function takesList(contentType: string): boolean {
  return /^multipart\/(?!form-data)/i.test(contentType)
}
