import { type JsonSchema, PARAM_HEADER } from '@sluice/contract'
import { isObject, objectOf } from '@sluice/schema'
import type { DraftArgument } from './bind-parameters.ts'
import type { Findings } from './findings.ts'
import { isToken } from './is-token.ts'

const TYPES = new Set(['string', 'integer', 'boolean'])

/**
 * The schema a model is shown, with the headers in which clients repeat arguments for what stands between, where the document
 * wants that (`x-mcp-header` of a parameter; MCP 2026-07-28, Custom Headers). A client drops a tool whose header is not as the
 * protocol has it, so such a one is left out and told.
 */
export function withParamHeaders(
  wireSchema: JsonSchema,
  drafts: readonly DraftArgument[],
  names: readonly string[],
  findings: Findings,
): JsonSchema {
  const wanted = drafts.flatMap((draft, at) =>
    draft.repeatedIn === undefined ? [] : [{ ...draft.repeatedIn, argument: names[at]! }],
  )
  if (wanted.length === 0) return wireSchema
  const properties = { ...objectOf(wireSchema.properties) }
  const taken = new Set<string>()
  for (const { header, pointer, argument } of wanted) {
    const property = properties[argument]
    const fault = faultOf(header, property, taken)
    if (fault) {
      const message = `${PARAM_HEADER} ${JSON.stringify(header)} ${fault}; clients are not asked for the header`
      findings.add({ code: 'mcp-header-ignored', severity: 'warning', pointer, message })
      continue
    }
    taken.add(String(header).toLowerCase())
    properties[argument] = { ...(property as JsonSchema), [PARAM_HEADER]: header }
  }
  return { ...wireSchema, properties }
}

function faultOf(header: unknown, property: unknown, taken: ReadonlySet<string>): string | undefined {
  if (typeof header !== 'string' || !isToken(header)) return 'is no name of a header'
  if (taken.has(header.toLowerCase())) return 'stands for two arguments'
  if (!isObject(property) || !TYPES.has(String(property.type)))
    return 'stands with an argument that is no text, integer or flag'
  return undefined
}
