/** How what may go on for as long as a connection stands is divided. */
export type StreamKind =
  /** An empty line ends an event (HTML, 9.2.6). */
  | 'events'
  /** Each line is a record. */
  | 'lines'
  /** U+001E begins a record, which may have several lines (RFC 7464 2.2). */
  | 'sequence'

/** What a media type, lower-case and without parameters, says that it is a stream of; nothing where it says no stream (B137). */
export function streamKind(mimeType: string): StreamKind | undefined {
  return STREAMS.get(mimeType) ?? (mimeType.endsWith('+json-seq') ? 'sequence' : undefined)
}

/** Nobody registered a type for lines of JSON, so each has its own. */
const STREAMS: ReadonlyMap<string, StreamKind> = new Map([
  ['text/event-stream', 'events'],
  ['application/x-ndjson', 'lines'],
  ['application/ndjson', 'lines'],
  ['application/x-jsonl', 'lines'],
  ['application/jsonl', 'lines'],
  ['application/x-jsonlines', 'lines'],
  ['application/jsonlines', 'lines'],
  ['application/stream+json', 'lines'],
  ['application/json-seq', 'sequence'],
  ['application/x-json-seq', 'sequence'],
])
