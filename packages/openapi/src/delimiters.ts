import { CallFailure, type ParameterStyle } from '@sluice/contract'
import { plainText } from './plain-text.ts'

/** How one plain value is written. */
export type Encode = (value: unknown) => string

/** What stands between the values of a list by its style, where it is no comma. */
export const DELIMITERS: Partial<Record<ParameterStyle, string>> = {
  spaceDelimited: ' ',
  pipeDelimited: '|',
  tabDelimited: '\t',
}

/**
 * Values with a delimiter between them that has one form on the wire, within a value and between values (B89).
 * @throws CallFailure of kind `arguments` where a value holds it
 */
export function delimited(argument: string, delimiter: string, values: readonly unknown[], encode: Encode): string {
  if (values.some((value) => plainText(value).includes(delimiter))) {
    throw new CallFailure(
      'arguments',
      `The values of ${argument} are sent with ${JSON.stringify(delimiter)} between them, so none may hold it. Nothing was sent.`,
    )
  }
  return values.map(encode).join(encode(delimiter))
}
