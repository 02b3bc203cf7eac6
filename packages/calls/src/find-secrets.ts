import { percentEncode } from '@sluice/openapi'
import { FoldedText, type Span } from './folded-text.ts'

/** Shorter values would mask ordinary words. */
const SHORTEST = 8

/** What is looked for. */
export interface SecretForms {
  readonly literal: readonly string[]
  /** For where something is escaped: folded and reversed. */
  readonly folded: readonly string[]
  /** Characters that one of them takes, at most, however it is spelled; what takes more is not found. */
  readonly reach: number
  readonly ofBytes: boolean
}

/** The forms of some secrets; `ofBytes` for texts of which each character is a byte. */
export function secretForms(secrets: readonly string[], ofBytes = false): SecretForms {
  const passwords = secrets.filter((secret) => secret.includes(':')).map((pair) => pair.slice(pair.indexOf(':') + 1))
  const long = [...secrets, ...passwords].filter((secret) => secret.length >= SHORTEST)
  const literal = [...new Set(long.flatMap(spellings).map(withoutOpenEnd))]
  const folded = [...new Set(long.flatMap((secret) => [secret, ...inBase64(secret)]))]
    .map((form) => foldedForm(form, ofBytes))
    // Without its backslashes and escapes too little may be left.
    .filter((form) => form.length >= SHORTEST)
  const longest = Math.max(0, ...folded.map(({ length }) => length))
  return { literal, folded: [...new Set(folded)], reach: longest * WIDEST_SPELLING, ofBytes }
}

/** Where secrets stand in a text, in order; no two of these places touch. */
export function findSecrets(text: string, forms: SecretForms): Span[] {
  const found = forms.literal.flatMap((form) => literals(text, form))
  if (forms.folded.length > 0) {
    let folded: FoldedText | undefined
    for (const stretch of escapedStretches(text, forms.reach)) {
      folded ??= roomFor(Math.min(text.length, mostOf(forms.reach)))
      folded.read(text, stretch, forms.ofBytes)
      for (const form of forms.folded) found.push(...folded.find(form))
    }
  }
  return found.length > 0 ? united(found) : found
}

/** Characters that one is spelled with at most, for instance `\\u0026quot;`. */
const WIDEST_SPELLING = 16

const SHORTEST_STRETCH = 64 * 1024

/** For nearly all texts the same, which is no state: each is read and searched in one go. Made anew for each, it has garbage collected all the time. */
const scratch = new FoldedText(SHORTEST_STRETCH)

function roomFor(chars: number): FoldedText {
  return chars <= SHORTEST_STRETCH ? scratch : new FoldedText(chars)
}

function mostOf(reach: number): number {
  return Math.max(SHORTEST_STRETCH, 4 * reach)
}

/** The stretches of a text in which what is escaped may lie, each short enough to be folded at once; they overlap. */
function* escapedStretches(text: string, reach: number): Generator<Span> {
  const opening = /[\\&%]/g
  const nextFrom = (place: number) => {
    opening.lastIndex = place
    return opening.exec(text)?.index ?? Number.POSITIVE_INFINITY
  }
  for (let at = nextFrom(0); at < text.length; ) {
    const start = Math.max(0, at - reach)
    const furthest = Math.min(text.length, start + mostOf(reach))
    // Not each is looked at: what begins at one that was passed over ends before `last + 2 * reach`.
    let last = at
    for (let next = at; next < Math.min(last + reach, furthest); next = nextFrom(last + reach / 2)) last = next
    const end = Math.min(last + 2 * reach, furthest)
    yield { start, end }
    if (end === text.length) return
    at = nextFrom(end === furthest ? end - reach : end)
  }
}

function literals(text: string, form: string): Span[] {
  const found: Span[] = []
  for (let at = text.indexOf(form); at >= 0; at = text.indexOf(form, at + form.length)) {
    found.push({ start: beginningOf(text, at), end: at + form.length })
  }
  return found
}

/** An escape that a secret's first character is part of goes with it: what is left of it would be another one. */
function beginningOf(text: string, at: number): number {
  const cut = OPEN_ESCAPE.exec(text.slice(Math.max(0, at - 5), at))
  let start = cut ? at - cut[0].length : at
  while (cut && text[start - 1] === '\\') start--
  return start
}

/** So does one that its last characters begin. */
function withoutOpenEnd(form: string): string {
  const whole = form.replace(OPEN_ESCAPE, '')
  return whole.length >= SHORTEST ? whole : form
}

const OPEN_ESCAPE = /\\+(?:u[\da-f]{0,3})?$/i

function united(spans: Span[]): Span[] {
  const merged: Array<{ start: number; end: number }> = []
  for (const { start, end } of spans.toSorted((a, b) => a.start - b.start || b.end - a.end)) {
    const last = merged.at(-1)
    if (last && start < last.end) last.end = Math.max(last.end, end)
    else merged.push({ start, end })
  }
  return merged
}

function foldedForm(secret: string, ofBytes: boolean): string {
  const folded = roomFor(secret.length)
  folded.read(secret, { start: 0, end: secret.length }, ofBytes)
  return folded.reversed
}

/** Alone, and within something that is encoded as a whole: then its characters depend on where among three bytes it begins. */
function inBase64(secret: string): string[] {
  const bytes = Buffer.from(secret)
  const alone = bytes.toString('base64')
  const within = [0, 1, 2].flatMap((before) => {
    const shifted = Buffer.concat([Buffer.alloc(before), bytes])
    // Those of which each bit is the secret's.
    const [first, end] = [Math.ceil((before * 8) / 6), Math.floor((shifted.length * 8) / 6)]
    return (['base64', 'base64url'] as const).map((form) => shifted.toString(form).slice(first, end))
  })
  return [alone, alone.replaceAll('=', ''), bytes.toString('base64url'), ...within]
}

function spellings(secret: string): string[] {
  // As encodeURIComponent has it, and as we write it in a URL ourselves, which encodes `!'()*` too.
  const encoded = [encodeURIComponent(secret.toWellFormed()), percentEncode(secret)]
  const lowerCase = encoded.map((text) => text.replaceAll(/%[0-9A-F]{2}/g, (escaped) => escaped.toLowerCase()))
  return [
    secret,
    // As it stands inside JSON text.
    JSON.stringify(secret).slice(1, -1),
    ...inBase64(secret),
    ...encoded,
    ...lowerCase,
    ...encoded.map((text) => text.replaceAll('%20', '+')),
  ]
}
