import type { HttpRequest, Operation } from '@sluice/contract'

/** How a request leaves what its operation may send: another origin, another path, a header that is not its own (S12 to S17). */
export function shapeFaults({ url, headers, method }: HttpRequest, operation: Operation, baseUrl: string): string[] {
  const base = new URL(baseUrl)
  const seen = URL.canParse(url) ? new URL(url) : undefined
  if (!seen) return [`${url} is no URL`]
  const template = `${base.pathname.replace(/\/$/, '')}${templateOf(operation.path)}`
  return [
    ...(seen.origin === base.origin && !seen.username && !seen.hash ? [] : [`${url} leaves ${base.origin}`]),
    ...(method === operation.method ? [] : [`the method is ${method}`]),
    ...(pathFits(seen.pathname, template) ? [] : [`${seen.pathname} is not on ${template}`]),
    ...(/^[\x21-\x7e]+$/.test(url) ? [] : [`${JSON.stringify(url)} holds characters that no URL may hold`]),
    ...headers.flatMap(([name, value]) => headerFaults(name, value, operation)),
  ]
}

/** Names alone between braces, and no query: `{id:[^/]+}` and `{?page}` are what documents write too. */
function templateOf(path: string): string {
  return path
    .replaceAll(/\{[?&][^{}]*\}/g, '')
    .replaceAll(/\{[^{}]+\}/g, '{}')
    .split(/[?#]/, 1)[0]!
}

/** As many segments, and around each value the text that the template has there. URL parsers have removed dots by now. */
function pathFits(path: string, template: string): boolean {
  const wanted = template.split('/')
  const given = path.split('/')
  return wanted.length === given.length && wanted.every((segment, index) => segmentFits(given[index]!, segment))
}

function segmentFits(given: string, template: string): boolean {
  const literals = template.split(/\{[^{}]*\}/)
  if (literals.length === 1) return decoded(given) === decoded(template)
  const [first, last] = [encodedLiteral(literals[0]!), encodedLiteral(literals.at(-1)!)]
  return given.startsWith(first) && given.endsWith(last) && given.length > first.length + last.length
}

function encodedLiteral(text: string): string {
  return new URL(`http://x/${text}`).pathname.slice(1)
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

const OWN = new Set(['accept', 'user-agent', 'content-type', 'cookie'])

function headerFaults(name: string, value: string, { parameters }: Operation): string[] {
  const isDeclared = parameters.some((binding) => binding.in === 'header' && binding.name === name)
  return [
    ...(OWN.has(name) || isDeclared ? [] : [`the header ${name} is not declared`]),
    ...(/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(name) ? [] : [`${JSON.stringify(name)} is no header name`]),
    ...(/[\u0000-\u0008\u000a-\u001f\u007f]/.test(value) ? [`${name} holds control characters`] : []),
  ]
}
