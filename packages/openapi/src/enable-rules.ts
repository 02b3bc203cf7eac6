import type { DerivedOperation, EnableRule } from '@sluice/contract'

/**
 * Which operations rules enable: the first that fits decides (B180). What none fits is enabled only where all rules are
 * exclusions.
 */
export function rulesEnable(rules: readonly EnableRule[], operation: DerivedOperation): boolean {
  const rule = rules.find((one) => fits(one, operation))
  return rule ? rule.enable !== false : rules.every(({ enable }) => enable === false)
}

/** How many operations each rule decides on, for a look before anything is stored. */
export function countMatches(rules: readonly EnableRule[], operations: readonly DerivedOperation[]): number[] {
  const counts = rules.map(() => 0)
  for (const operation of operations) {
    const index = rules.findIndex((rule) => fits(rule, operation))
    if (index >= 0) counts[index]!++
  }
  return counts
}

/** All that a rule says must be so. */
function fits(rule: EnableRule, operation: DerivedOperation): boolean {
  const { tags, methods, path, operationId, deprecated, readOnly } = rule
  return (
    (tags === undefined || tags.some((tag) => operation.tags.includes(tag))) &&
    (methods === undefined || methods.some((method) => method.toUpperCase() === operation.method)) &&
    (path === undefined || matchesGlob(path, operation.path)) &&
    (operationId === undefined || matchesGlob(operationId, operation.operationId ?? '')) &&
    (deprecated === undefined || deprecated === operation.deprecated) &&
    (readOnly === undefined || readOnly === READS.has(operation.method))
  )
}

// RFC 9110 9.2.1; QUERY is safe by RFC 10008.
const READS = new Set(['GET', 'HEAD', 'OPTIONS', 'QUERY'])

/** A glob: `*` is anything within a segment, `**` anything at all, `?` one character. One pass over the text for each of its tokens. */
export function matchesGlob(glob: string, text: string): boolean {
  const tokens = glob.match(/\*\*|\*|\?|[^*?]/gsu) ?? []
  // The positions in the text that the tokens so far can end at.
  let ends = new Set([0])
  for (const token of tokens) ends = token.startsWith('*') ? stretch(token, ends, text) : step(token, ends, text)
  return ends.has(text.length)
}

function stretch(stars: string, ends: ReadonlySet<number>, text: string): Set<number> {
  const next = new Set<number>()
  let isWithin = false
  for (let at = 0; at <= text.length; at++) {
    if (stars === '*' && text[at - 1] === '/') isWithin = false
    isWithin ||= ends.has(at)
    if (isWithin) next.add(at)
  }
  return next
}

function step(token: string, ends: ReadonlySet<number>, text: string): Set<number> {
  const isNext = (end: number) => (token === '?' ? end < text.length && text[end] !== '/' : text.startsWith(token, end))
  return new Set([...ends].filter(isNext).map((end) => end + token.length))
}
