import { CallFailure, type CatalogTool, type JsonSchema } from '@sluice/contract'
import { objectOf } from '@sluice/schema'

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
  const standIn = standInOf(tool)
  return {
    ...tool,
    inputSchema: withArgument(tool.inputSchema, standIn),
    wireSchema: withArgument(tool.wireSchema, standIn),
    offersProjection: true,
  }
}

function withArgument(schema: JsonSchema, standIn: string): JsonSchema {
  const required = Array.isArray(schema.required) ? schema.required : []
  const shown = <T>(name: T) => (name === PROJECTION ? standIn : name)
  const entries = Object.entries(objectOf(schema.properties)).map(([name, value]) => [shown(name), value])
  return {
    ...schema,
    properties: { ...Object.fromEntries(entries), [PROJECTION]: PROJECTION_SCHEMA },
    ...(required.includes(PROJECTION) ? { required: required.map(shown) } : {}),
  }
}

function standInOf({ operation }: CatalogTool): string {
  const properties = objectOf(operation.inputSchema.properties)
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
  if (!Object.hasOwn(objectOf(tool.operation.inputSchema.properties), PROJECTION)) return args
  const standIn = standInOf(tool)
  if (!Object.hasOwn(args, standIn)) return args
  const { [standIn]: own, ...others } = args
  return { ...others, [PROJECTION]: own }
}
