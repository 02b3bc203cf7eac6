import { CallFailure, type CatalogTool, type JsonSchema } from '@sluice/contract'
import { isObject } from '@sluice/schema'

/** The argument by which an agent picks from an answer. */
export const PROJECTION = 'jmespath'

/** What an argument of the API that is called so is shown as. */
const STAND_IN = 'jmespath_of_the_api'

export const PROJECTION_SCHEMA = {
  type: 'string',
  maxLength: 2_000,
  description: 'JMESPath that picks from the answer what you need, such as items[].{id: id, name: name}',
} as const

/** The tool with one argument more, for answers that are known to be large. */
export function offerProjection(tool: CatalogTool): CatalogTool {
  return {
    ...tool,
    inputSchema: withArgument(tool.inputSchema),
    wireSchema: withArgument(tool.wireSchema),
    offersProjection: true,
  }
}

function withArgument(schema: JsonSchema): JsonSchema {
  const properties = isObject(schema.properties) ? schema.properties : {}
  const required = Array.isArray(schema.required) ? schema.required : []
  const entries = Object.entries(properties).map(([name, value]) => [shownAs(name), value])
  return {
    ...schema,
    properties: { ...Object.fromEntries(entries), [PROJECTION]: PROJECTION_SCHEMA },
    ...(required.includes(PROJECTION) ? { required: required.map(shownAs) } : {}),
  }
}

function shownAs<T>(name: T): T | string {
  return name === PROJECTION ? STAND_IN : name
}

/** Arguments for the API, and what the agent wants of the answer. */
export interface TakenProjection {
  readonly args: Readonly<Record<string, unknown>>
  readonly projection?: string
}

/** @throws CallFailure of kind `arguments` for what is not JMESPath, before anything is sent */
export function takeProjection(
  given: Readonly<Record<string, unknown>>,
  tool: CatalogTool,
  faultOf: (expression: string) => string | undefined,
): TakenProjection {
  if (!tool.offersProjection) return { args: given }
  const { [PROJECTION]: projection, [STAND_IN]: own, ...others } = given
  const args = own === undefined ? others : { ...others, [PROJECTION]: own }
  if (typeof projection !== 'string' || projection.trim() === '') return { args }
  const fault = faultOf(projection)
  if (fault) throw new CallFailure('arguments', `${PROJECTION} is not JMESPath: ${fault} Nothing was sent.`)
  return { args, projection }
}
