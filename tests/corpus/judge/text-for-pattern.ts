import { pick } from './seeded-random.ts'

/**
 * A text that a regular expression takes, for the expressions that documents use: classes, groups, alternatives and counts.
 * `least` is how often something repeats, where it may: 0 for once more than it must, -1 for as seldom as it may.
 * Look-around and back references are passed over, so whoever asks checks the text. `undefined` where it cannot be read.
 */
export function textForPattern(pattern: string, random: () => number, least = 0): string | undefined {
  try {
    return write(read(pattern), random, least)
  } catch {
    return undefined
  }
}

type Node =
  | { readonly kind: 'set'; readonly chars: string }
  | { readonly kind: 'any'; readonly options: readonly Node[][] }
  | { readonly kind: 'repeat'; readonly node: Node; readonly least: number; readonly most: number }

function read(pattern: string): Node {
  const at = { text: [...pattern], index: 0 }
  const node = alternatives(at)
  if (at.index < at.text.length) throw new Error('unbalanced')
  return node
}

interface Cursor {
  readonly text: readonly string[]
  index: number
}

function alternatives(at: Cursor): Node {
  const options: Node[][] = [[]]
  while (at.index < at.text.length && at.text[at.index] !== ')') {
    if (at.text[at.index] === '|') {
      at.index++
      options.push([])
      continue
    }
    const node = counted(at)
    if (node) options.at(-1)!.push(node)
  }
  return { kind: 'any', options }
}

function counted(at: Cursor): Node | undefined {
  const node = atom(at)
  const rest = at.text.slice(at.index, at.index + 24).join('')
  const count = /^(?:([*+?])|\{(\d+)(,?)(\d*)\})[?+]?/.exec(rest)
  if (!count) return node
  at.index += count[0].length
  if (!node) return undefined
  const [, sign, least, comma, most] = count
  if (sign)
    return { kind: 'repeat', node, least: sign === '+' ? 1 : 0, most: sign === '?' ? 1 : Number.POSITIVE_INFINITY }
  return {
    kind: 'repeat',
    node,
    least: Number(least),
    most: most ? Number(most) : comma ? Number.POSITIVE_INFINITY : Number(least),
  }
}

function atom(at: Cursor): Node | undefined {
  const char = at.text[at.index++]!
  if (char === '^' || char === '$') return undefined
  if (char === '.') return { kind: 'set', chars: 'abcxyz' }
  if (char === '[') return { kind: 'set', chars: classChars(at) }
  if (char === '\\') return escaped(at)
  if (char !== '(') return { kind: 'set', chars: char }
  return group(at)
}

function group(at: Cursor): Node | undefined {
  const rest = at.text.slice(at.index, at.index + 80).join('')
  const head = /^\?(?::|=|!|<=|<!|<[A-Za-z]\w*>|P<\w+>)/.exec(rest)?.[0] ?? ''
  at.index += head.length
  const node = alternatives(at)
  if (at.text[at.index++] !== ')') throw new Error('unbalanced')
  return /^\?<?[=!]/.test(head) ? undefined : node
}

const DIGITS = '0123456789'
const LETTERS = 'abcdefghijklmnopqrstuvwxyz'
const WORD = `${LETTERS}${LETTERS.toUpperCase()}${DIGITS}_`
const ALL = Array.from({ length: 95 }, (_item, index) => String.fromCharCode(32 + index)).join('')

function named(char: string): string | undefined {
  const known: Record<string, string> = {
    d: DIGITS,
    w: WORD,
    s: ' ',
    S: WORD,
    D: LETTERS,
    W: '-',
    n: '\n',
    t: '\t',
    r: '\r',
  }
  return known[char]
}

function escaped(at: Cursor): Node | undefined {
  const char = at.text[at.index++]!
  if (char === 'b' || char === 'B' || char === 'A' || char === 'Z' || char === 'z') return undefined
  const code = hexCode(char, at)
  if (code !== undefined) return { kind: 'set', chars: code }
  if (char === 'p' || char === 'P') return { kind: 'set', chars: propertyChars(at) }
  return { kind: 'set', chars: named(char) ?? char }
}

function hexCode(char: string, at: Cursor): string | undefined {
  const length = char === 'x' ? 2 : char === 'u' ? 4 : 0
  const digits = at.text.slice(at.index, at.index + length).join('')
  if (length === 0 || !/^[0-9A-Fa-f]+$/.test(digits) || digits.length < length) return undefined
  at.index += length
  return String.fromCharCode(Number.parseInt(digits, 16))
}

function propertyChars(at: Cursor): string {
  const name = /^\{([^}]*)\}/.exec(at.text.slice(at.index, at.index + 40).join(''))
  at.index += name ? name[0].length : 1
  return /^N/.test(name?.[1] ?? 'L') ? DIGITS : /^P/.test(name?.[1] ?? '') ? '-' : LETTERS
}

function classChars(at: Cursor): string {
  const isNegated = at.text[at.index] === '^'
  if (isNegated) at.index++
  let chars = ''
  while (at.text[at.index] !== ']' || chars === '') {
    if (at.index >= at.text.length) throw new Error('unbalanced')
    const from = classMember(at)
    if (at.text[at.index] === '-' && at.text[at.index + 1] !== ']' && from.length === 1) {
      at.index++
      chars += range(from, classMember(at))
    } else chars += from
  }
  at.index++
  if (!isNegated) return chars
  const kept = [...`${WORD}${ALL}`].filter((char) => !chars.includes(char)).join('')
  if (kept === '') throw new Error('an empty class')
  return kept
}

function classMember(at: Cursor): string {
  const char = at.text[at.index++]!
  if (char !== '\\') return char
  const next = at.text[at.index++]!
  if (next === 'p' || next === 'P') return propertyChars(at)
  return hexCode(next, at) ?? named(next) ?? next
}

function range(from: string, to: string): string {
  const [first, last] = [from.codePointAt(0)!, to.codePointAt(0)!]
  const length = Math.min(Math.max(last - first + 1, 1), 256)
  return Array.from({ length }, (_item, index) => String.fromCodePoint(first + index)).join('')
}

function write(node: Node, random: () => number, least: number): string {
  switch (node.kind) {
    case 'set':
      return pick([...node.chars], random)
    case 'any':
      return pick(node.options, random)
        .map((part) => write(part, random, least))
        .join('')
    case 'repeat': {
      const wanted = Math.max(
        node.least,
        Math.min(node.most, least > 0 ? least : least < 0 ? node.least : node.least + 1),
      )
      return Array.from({ length: wanted }, () => write(node.node, random, Math.min(least, 0))).join('')
    }
  }
}
