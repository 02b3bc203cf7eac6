import type { Operation, ParameterBinding, PreparedOperation } from '@sluice/contract'
import { acceptHeader } from './accept-header.ts'
import { sentTemplate } from './path-template.ts'

/** Works out what all requests of an operation have in common. */
export function prepareOperation(operation: Operation): PreparedOperation {
  const { parameters, path } = operation
  const querystring = parameters.find((one) => one.in === 'querystring')
  // An operation that declares the header itself has the caller's alone, or none.
  const isDeclared = parameters.some((one) => one.in === 'header' && one.name.toLowerCase() === 'user-agent')
  return {
    path: partsOf(sentTemplate(path)),
    inPath: parameters.filter((one): one is ParameterBinding => one.in === 'path'),
    inQuery: parameters.filter((one): one is ParameterBinding => one.in === 'query'),
    inHeaders: parameters.filter((one): one is ParameterBinding => one.in === 'header'),
    inCookies: parameters.filter((one): one is ParameterBinding => one.in === 'cookie'),
    ...(querystring ? { querystring } : {}),
    headers: [['accept', acceptHeader(operation)], ...(isDeclared ? [] : [['user-agent', 'Sluice'] as const])],
  }
}

/** What a document writes bare and RFC 3986 3.3 does not let stand, between the names of parameters; `%XX` stays. */
function partsOf(template: string): string[] {
  return template
    .toWellFormed()
    .split(/\{([^{}]+)\}/)
    .map((part, index) =>
      index % 2 === 1 ? part : part.replaceAll(/[^\x21-\x7E]+|["<>\\^`{|}]/gu, encodeURIComponent),
    )
}
