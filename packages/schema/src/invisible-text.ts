/**
 * What nobody sees (S28): controls but tab and line feed, zero-width characters, fillers that look like nothing, bidi controls and
 * isolates, annotation marks, tag characters, variation selectors. The one that makes a picture of an emoji says nothing.
 */
const INVISIBLE =
  /[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F-\u009F\u00AD\u115F\u1160\u180E\u200B-\u200F\u202A-\u202E\u2060-\u206F\u3164\uFEFF\uFFA0\uFFF9-\uFFFB\u{E0000}-\u{E007F}]|[\u034F\u180B-\u180D\u180F]|[\uFE00-\uFE0D]|[\u{E0100}-\u{E01EF}]|[\uFE0E\uFE0F]{2}/u
const ALL_INVISIBLE = new RegExp(`${INVISIBLE.source}|(?<!\\p{Emoji})[\\uFE0E\\uFE0F]`, 'gu')
const SEPARATORS = /[\u2028\u2029]/g
const MAY_STRIP = new RegExp(`${INVISIBLE.source}|[\\uFE0E\\uFE0F\\u2028\\u2029]`, 'u')

/** Text as a person would see it. */
export function stripInvisible(text: string): string {
  return MAY_STRIP.test(text) ? text.replaceAll(ALL_INVISIBLE, '').replaceAll(SEPARATORS, '\n') : text
}

/** Whether a text, or any text in a value, holds what nobody sees. */
export function hasInvisible(value: unknown): boolean {
  return typeof value === 'string' ? INVISIBLE.test(value) : INVISIBLE.test(JSON.stringify(value) ?? '')
}
