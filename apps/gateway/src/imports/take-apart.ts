import { isObject } from '@sluice/schema'
import { parseBody } from '../parse-body.ts'

/** The JSON body of an import, its document apart from the rest. */
export interface TakenApart {
  /** Without `text`; not yet checked, so it may be anything. */
  readonly fields: unknown
  /** What `text` held, as UTF-8. */
  readonly document?: Uint8Array
}

/** For a reader: a document of many megabytes would hold up calls for as long as it is parsed. @throws Problem `invalid-json` */
export function takeApart(body: Uint8Array): TakenApart {
  const value = parseBody(body)
  if (!isObject(value) || typeof value.text !== 'string') return { fields: value }
  const { text, ...fields } = value
  return { fields, document: new TextEncoder().encode(text) }
}
