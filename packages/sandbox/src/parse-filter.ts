import { randomUUID } from 'node:crypto'
import { LIMITS } from '@sluice/contract'
import jmespath from 'jmespath'
import { createBoundedMap } from './bounded-map.ts'
import { mayLoseDigits, parseExact } from './exact-number.ts'
import type { FilterNode } from './filter-ast.ts'
import { FUNCTION_NAMES } from './filter-functions.ts'
import { FilterSyntaxError } from './filter-syntax-error.ts'
import { type FilterToken, splitTokens } from './split-tokens.ts'

/**
 * Parses a JMESPath expression.
 *
 * @throws FilterSyntaxError with the position of the first fault; functions that do not exist are faults.
 */
export function parseFilter(expression: string): FilterNode {
  const known = parsed.get(expression) ?? parse(expression)
  parsed.set(expression, known)
  return known
}

/** Those applied last: a call asks for the same ones each time, and parsing one takes longer than applying it. */
const parsed = createBoundedMap<FilterNode>(100)

function parse(expression: string): FilterNode {
  if (expression.length > LIMITS.filterChars) {
    throw new FilterSyntaxError(`More than ${LIMITS.filterChars} characters`, LIMITS.filterChars + 1)
  }
  const tokens = splitTokens(expression)
  refuseWhatTheParserAccepts(tokens, expression)
  try {
    const tree = jmespath.compile(expression)
    return mayLoseDigits(expression) ? withExactLiterals(expression, tokens) : tree
  } catch (error) {
    throw locateFault(expression, tokens, messageOf(error))
  }
}

/** The parser reads literals as doubles. A text that no literal can be stands for each that may lose digits. */
function withExactLiterals(expression: string, tokens: readonly FilterToken[]): FilterNode {
  const literals: unknown[] = []
  const mark = `\uFFFF${randomUUID()} `
  let marked = ''
  let end = 0
  for (const { text, start } of tokens) {
    if (!text.startsWith('`') || !mayLoseDigits(text)) continue
    const value = exactly(text.slice(1, -1).replaceAll('\\`', '`'))
    // jmespath takes what is no JSON for a text.
    if (value === undefined) continue
    marked += `${expression.slice(end, start)}\`"${mark}${literals.push(value) - 1}"\``
    end = start + text.length
  }
  const restore = (node: unknown): unknown => {
    if (Array.isArray(node)) return node.map(restore)
    if (typeof node !== 'object' || node === null) return node
    const { type, value } = node as { type?: unknown; value?: unknown }
    if (type === 'Literal')
      return typeof value === 'string' && value.startsWith(mark)
        ? { type, value: literals[Number(value.slice(mark.length))] }
        : node
    return Object.fromEntries(Object.entries(node).map(([key, item]) => [key, restore(item)]))
  }
  return restore(jmespath.compile(marked + expression.slice(end))) as FilterNode
}

function exactly(literal: string): unknown {
  try {
    return parseExact(literal)
  } catch {
    return undefined
  }
}

const IDENTIFIER = /^[A-Za-z_]/

/** jmespath parses these and fails, or answers something odd, when they are applied. */
function refuseWhatTheParserAccepts(tokens: readonly FilterToken[], expression: string): void {
  tokens.forEach(({ text, start }, at) => {
    const before = tokens[at - 1]
    const after = tokens[at + 1]
    if (text === '.' && !/^(["*{A-Za-z_]|\[$)/.test(after?.text ?? '')) throw unexpected(after, expression)
    if (text === ':' && isThirdColon(tokens, at)) throw unexpected({ text, start }, expression)
    if (text !== '(') return
    if (before && IDENTIFIER.test(before.text)) {
      if (!FUNCTION_NAMES.has(before.text))
        throw new FilterSyntaxError(`Unknown function ${before.text}()`, before.start + 1)
    } else if (before && /[\])}@*'"`0-9]$/.test(before.text)) {
      throw unexpected({ text, start }, expression)
    } else if (after?.text === ')') {
      throw unexpected(after, expression)
    }
  })
}

/** A slice has a start, an end and a step: two colons. */
function isThirdColon(tokens: readonly FilterToken[], at: number): boolean {
  let colons = 1
  for (let before = at - 1; /^(:|-?\d+)$/.test(tokens[before]?.text ?? ''); before--) {
    if (tokens[before]!.text === ':') colons++
  }
  return colons > 2
}

/**
 * jmespath's errors say what is wrong, not where. It reads from left to right, so the shortest beginning that fails with
 * the very same words ends with the token at fault.
 */
function locateFault(expression: string, tokens: readonly FilterToken[], message: string): FilterSyntaxError {
  const badJson = tokens.find(({ text }) => /^["`]/.test(text) && messageAt(text) !== undefined)
  if (badJson) return new FilterSyntaxError(`Invalid JSON in ${excerpt(badJson.text)}`, badJson.start + 1)
  if (/(got: |\()EOF/.test(message)) return unexpected(undefined, expression)
  let [low, high] = [0, tokens.length - 1]
  while (low < high) {
    const middle = (low + high) >> 1
    const { start, text } = tokens[middle]!
    if (messageAt(expression.slice(0, start + text.length)) === message) high = middle
    else low = middle + 1
  }
  // Of a slice it says the same wherever it breaks off, the end included: the fault is the first token that cannot be in one.
  if (message.startsWith('Syntax error')) while (/^(:|-?\d+)$/.test(tokens[low]?.text ?? '')) low++
  return unexpected(tokens[low], expression)
}

function unexpected(token: FilterToken | undefined, expression: string): FilterSyntaxError {
  if (!token) return new FilterSyntaxError('Something is missing', expression.length + 1)
  return new FilterSyntaxError(`Unexpected ${excerpt(token.text)}`, token.start + 1)
}

function excerpt(text: string): string {
  return text.length > 40 ? `${text.slice(0, 40)}…` : text
}

function messageAt(expression: string): string | undefined {
  try {
    jmespath.compile(expression)
    return undefined
  } catch (error) {
    return messageOf(error)
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
