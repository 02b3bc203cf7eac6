import { FilterSyntaxError } from './filter-syntax-error.ts'

export interface FilterToken {
  readonly text: string
  /** 0-based. */
  readonly start: number
}

/**
 * The tokens of a JMESPath expression with their places, which jmespath's own lexer keeps to itself.
 *
 * @throws FilterSyntaxError for a character that starts no token and for a quote that is not closed.
 */
export function splitTokens(expression: string): FilterToken[] {
  const tokens: FilterToken[] = []
  const token = new RegExp(TOKEN)
  while (token.lastIndex < expression.length) {
    const start = token.lastIndex
    const [text] = token.exec(expression) ?? []
    if (text === undefined) throw unreadable(expression, start)
    if (text.trim() !== '') tokens.push({ text, start })
  }
  return tokens
}

const TOKEN =
  /[ \t\n]+|[A-Za-z_][A-Za-z0-9_]*|-?[0-9]+|"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|`(?:[^`\\]|\\.)*`|\[\?|\[\]|&&|\|\||[=!<>]=|[.*,:@!<>&|(){}[\]]/sy

function unreadable(expression: string, start: number): FilterSyntaxError {
  const character = String.fromCodePoint(expression.codePointAt(start)!)
  return new FilterSyntaxError(/["'`]/.test(character) ? `Unclosed ${character}` : `Unexpected ${character}`, start + 1)
}
