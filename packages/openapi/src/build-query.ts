import type { Operation, PreparedOperation, QuerystringBinding } from '@sluice/contract'
import { kindOf } from './body-kind.ts'
import { contentText, encodeForm } from './content-text.ts'
import { type Arguments, givenArguments } from './given-arguments.ts'
import { percentEncode } from './percent-encode.ts'
import { refuseBorrowedNames } from './refuse-borrowed-names.ts'
import { isPlainObject } from './serialize-path.ts'
import { serializeQuery } from './serialize-query.ts'

/**
 * The query without its question mark; empty where no argument makes one.
 * @throws CallFailure of kind `arguments`
 */
export function buildQuery(
  operation: Operation,
  args: Arguments,
  { inQuery, querystring: whole }: PreparedOperation,
): string {
  refuseBorrowedNames(operation, args, 'query')
  const value = whole && Object.hasOwn(args, whole.argument) ? args[whole.argument] : undefined
  const parts = givenArguments(inQuery, args).flatMap(([binding, item]) =>
    serializeQuery(
      binding,
      binding.contentType ? contentText(binding.argument, binding.contentType, item, binding) : item,
    ),
  )
  if (whole && value !== undefined && value !== null) parts.push(wholeQuery(value, whole))
  return parts.filter(Boolean).join('&')
}

/** OpenAPI 3.2 4.12.5: the whole query is the content in its media type, percent-encoded; only a form is pairs already. */
function wholeQuery(value: unknown, binding: QuerystringBinding): string {
  const { argument, contentType, encoding = {} } = binding
  const isForm = kindOf(contentType) === 'form' && isPlainObject(value)
  return isForm ? encodeForm(value, encoding) : percentEncode(contentText(argument, contentType, value, binding))
}
