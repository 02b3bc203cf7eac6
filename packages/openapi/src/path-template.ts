/** Names in a path template, in order: `/a/{x}:action/{y}.{z}` has x, y, z; a fragment, which is not sent, has none. */
export function templateNames(path: string): string[] {
  return [...new Set([...sentTemplate(path).matchAll(/\{([^{}]+)\}/g)].map((match) => match[1]!))]
}

/** Express and others write `/t/:id`: an expression where a path parameter of that name is declared, and none stands there already. */
export function withBraces(path: string, declared: readonly string[]): string {
  const known = templateNames(path)
  return path.replaceAll(COLON_NAME, (whole, name: string) =>
    declared.includes(name) && !known.includes(name) ? `{${name}}` : whole,
  )
}

const COLON_NAME = /(?<=\/):([\w-]+)(?=\/|$)/g

/** The part of a path that is sent: RFC 3986 3.5 keeps a fragment, by which some documents tell operations apart, at home. */
export function sentTemplate(path: string): string {
  return /^(?:[^{}#]|\{[^{}]*\}|[{}])*/.exec(withoutQueryExpressions(path))![0]
}

/** RFC 6570 3.2.8 and 3.2.9: `/rides{?page,size}` is the path `/rides`, and names parameters of its query. */
export function withoutQueryExpressions(path: string): string {
  return path.replaceAll(QUERY_EXPRESSION, '')
}

/** The names of such expressions. */
export function queryNames(path: string): string[] {
  const names = [...path.matchAll(QUERY_EXPRESSION)].flatMap((match) => match[1]!.split(',').map(plainName))
  return [...new Set(names.filter((name) => name !== ''))]
}

const QUERY_EXPRESSION = /\{[?&]([^{}]*)\}/g

/**
 * The name that a template has for a declared one, where the two differ by what frameworks write around names (`{id:[0-9]+}`, `{+path}`,
 * `{path*}`, `{**path}`, `{proxy+}`, `{id?}`, `{ id }`, `{name=things/*}`) or by capitals, and nothing else can be meant.
 */
export function templateNameOf(
  declared: string,
  inTemplate: readonly string[],
  allDeclared: ReadonlySet<string>,
): string | undefined {
  if (inTemplate.includes(declared)) return declared
  const same = (one: string) => plainName(one).toLowerCase() === plainName(declared).toLowerCase()
  const candidates = inTemplate.filter((name) => !allDeclared.has(name) && same(name))
  const rivals = [...allDeclared].filter((name) => !inTemplate.includes(name) && same(name))
  return candidates.length === 1 && rivals.length === 1 ? candidates[0] : undefined
}

function plainName(name: string): string {
  return name
    .trim()
    .replace(/^[+*]+/, '')
    .replace(/[:=*+?].*$/s, '')
    .trim()
}
