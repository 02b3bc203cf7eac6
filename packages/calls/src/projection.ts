import { CallFailure, type CatalogTool, type JsonSchema } from '@sluice/contract'
import { isObject } from '@sluice/schema'

/** The argument by which an agent picks from an answer. */
export const PROJECTION = 'jmespath'

/** What an argument of the API that is called so is shown as, with underscores as long as that is another's name. */
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
    inputSchema: withArgument(tool.inputSchema, standInOf(tool)),
    wireSchema: withArgument(tool.wireSchema, standInOf(tool)),
    offersProjection: true,
  }
}

function withArgument(schema: JsonSchema, standIn: string): JsonSchema {
  const properties = isObject(schema.properties) ? schema.properties : {}
  const required = Array.isArray(schema.required) ? schema.required : []
  const shown = <T>(name: T) => (name === PROJECTION ? standIn : name)
  const entries = Object.entries(properties).map(([name, value]) => [shown(name), value])
  return {
    ...schema,
    properties: { ...Object.fromEntries(entries), [PROJECTION]: PROJECTION_SCHEMA },
    ...(required.includes(PROJECTION) ? { required: required.map(shown) } : {}),
  }
}

function standInOf({ operation }: CatalogTool): string {
  const properties = isObject(operation.inputSchema.properties) ? operation.inputSchema.properties : {}
  let free = STAND_IN
  while (Object.hasOwn(properties, free)) free = `${free}_`
  return free
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
  const { [PROJECTION]: projection, ...others } = given
  const args = withOwnName(others, tool)
  if (typeof projection !== 'string' || projection.trim() === '') return { args }
  const fault = faultOf(projection)
  if (fault) throw new CallFailure('arguments', `${PROJECTION} is not JMESPath: ${fault} Nothing was sent.`)
  return { args, projection }
}

/** An argument of the API that was shown under another name has its own again. */
function withOwnName(args: Record<string, unknown>, tool: CatalogTool): Record<string, unknown> {
  const { properties } = tool.operation.inputSchema
  const standIn = standInOf(tool)
  if (!isObject(properties) || !Object.hasOwn(properties, PROJECTION) || !Object.hasOwn(args, standIn)) return args
  const { [standIn]: own, ...others } = args
  return { ...others, [PROJECTION]: own }
}
