import type { Redaction } from '@sluice/contract'

type Kind = NonNullable<Redaction['detectors']>[number]

/** Finds texts of one kind. Every pattern takes time in proportion to the text. */
export interface Detector {
  readonly kind: Kind
  readonly replace: (text: string, by: string) => string
}

/** In the order they are used: what is shaped like a token may hold digits that look like a card. */
export const detectors: readonly Detector[] = [
  { kind: 'token', replace: (text, by) => text.replaceAll(TOKEN, by) },
  { kind: 'email', replace: (text, by) => text.replaceAll(EMAIL, by) },
  { kind: 'iban', replace: (text, by) => text.replaceAll(IBAN, (found) => (isIban(found) ? by : found)) },
  { kind: 'card', replace: (text, by) => text.replaceAll(CARD, (found) => (isCard(found) ? by : found)) },
  { kind: 'phone', replace: (text, by) => text.replaceAll(PHONE, (found) => (isPhone(found) ? by : found)) },
]

const EMAIL = /[\p{L}\p{N}._%+'-]{1,64}@(?:[\p{L}\p{N}-]{1,63}\.){1,8}\p{L}{2,24}/gu

/** JSON Web Tokens, and keys that vendors mark as theirs. */
const TOKEN =
  /\beyJ[\w-]{10,}\.[\w-]{10,}\.[\w-]*|\b(?:sk|pk|rk)[-_](?:live|test|proj|ant)?[-_]?[\w-]{16,}|\bgh[pousr]_\w{30,}|\bgithub_pat_\w{40,}|\bglpat-[\w-]{20,}|\bxox[abeoprs]-[\w-]{10,}|\b(?:AKIA|ASIA)[A-Z0-9]{16}\b|\bAIza[\w-]{35}|\bSG\.[\w-]{16,}\.[\w-]{16,}/g

/** With or without spaces between groups (ISO 13616). */
const IBAN = /\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]){11,30}\b/g
const CARD = /(?<![\d.])\d(?:[ -]?\d){12,18}(?![\d.]?\d)/g
/** International: without a plus a number could be anything. */
const PHONE = /\+\d(?:[ ()./-]{0,2}\d){6,14}(?!\d)/g

/** ISO 7064, MOD 97-10. */
function isIban(text: string): boolean {
  const compact = text.replaceAll(' ', '')
  const turned = compact.slice(4) + compact.slice(0, 4)
  let rest = 0
  for (const character of turned) rest = Number(`${rest}${Number.parseInt(character, 36)}`) % 97
  return rest === 1
}

/** ISO/IEC 7812-1, the Luhn formula. */
function isCard(text: string): boolean {
  const digits = [...text.replaceAll(/[ -]/g, '')].map(Number).reverse()
  const sum = digits.reduce((total, digit, at) => total + (at % 2 === 0 ? digit : digit * 2 - (digit > 4 ? 9 : 0)), 0)
  return sum % 10 === 0 && new Set(digits).size > 1
}

/** ITU-T E.164: at most 15 digits. */
function isPhone(text: string): boolean {
  const { length } = text.replaceAll(/\D/g, '')
  return length >= 8 && length <= 15
}
