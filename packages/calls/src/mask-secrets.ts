import { findSecrets, type SecretForms, secretForms } from './find-secrets.ts'
import type { Span } from './folded-text.ts'

const MASK = '[masked]'

/** Takes every echo of some secrets out of what an answer holds; what holds none is handed back as it is. */
export interface Mask {
  readonly text: (text: string) => string
  /** For JSON text: nothing but the texts and numbers that hold a secret changes, and these are texts afterwards (B143, B144). */
  readonly json: (text: string) => string
  /** For bytes of any kind; others than a secret's stay as they are. */
  readonly bytes: (bytes: Uint8Array) => Uint8Array
}

/**
 * The mask of one call's secrets: each as it is, in base64, alone or within more that is encoded, and however JSON, HTML or a URL
 * spells either (S34). Of `user:password` the password alone too. Secrets of fewer than 8 characters are left.
 */
export function maskSecrets(secrets: readonly string[]): Mask {
  const forms = secretForms(secrets)
  if (forms.literal.length === 0) return NO_MASK
  let byteForms: SecretForms | undefined
  return {
    text: (text) => replaced(text, findSecrets(text, forms)),
    json: (text) => replacedInJson(text, findSecrets(text, forms)),
    bytes: (bytes) => {
      byteForms ??= secretForms([...secrets, ...secrets.map((secret) => Buffer.from(secret).toString('latin1'))], true)
      const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1')
      const spans = findSecrets(text, byteForms)
      return spans.length === 0 ? bytes : Buffer.from(replaced(text, spans), 'latin1')
    },
  }
}

/** Changes nothing. */
export const NO_MASK: Mask = { text: asItIs, json: asItIs, bytes: asItIs }

function asItIs<T>(value: T): T {
  return value
}

function replaced(text: string, spans: readonly Span[], mask: (span: Span) => string = () => MASK): string {
  if (spans.length === 0) return text
  let [masked, from] = ['', 0]
  for (const span of spans) {
    masked += text.slice(from, span.start) + mask(span)
    from = span.end
  }
  return masked + text.slice(from)
}

/** A secret among digits makes the whole number a text, so that JSON stays JSON. */
function replacedInJson(text: string, spans: readonly Span[]): string {
  const isWithin = withinTexts(text)
  const quoted = new Set<Span>()
  const whole: Span[] = []
  for (const span of spans) {
    if (isWithin(span.start)) whole.push(span)
    else {
      const number = widened(text, span)
      if (number.start < (whole.at(-1)?.end ?? 0)) continue
      quoted.add(number)
      whole.push(number)
    }
  }
  return replaced(text, whole, (span) => (quoted.has(span) ? `"${MASK}"` : MASK))
}

/** Says of one place after the other whether it is within a JSON text. */
function withinTexts(json: string): (place: number) => boolean {
  let [at, isWithin] = [0, false]
  return (place) => {
    for (; at < place; at++) {
      const char = json[at]
      if (char === '"') isWithin = !isWithin
      else if (char === '\\') at++
    }
    return isWithin
  }
}

function widened(text: string, { start, end }: Span): Span {
  while (start > 0 && IN_NUMBER.test(text[start - 1]!)) start--
  while (end < text.length && IN_NUMBER.test(text[end]!)) end++
  return { start, end }
}

const IN_NUMBER = /[-+.\deE]/
