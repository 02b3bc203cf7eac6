import type { CatalogTool } from '@sluice/contract'
import { Lean, type WholeTools } from './whole-tools.ts'

/**
 * The same tool, of which only what tells it from others is always there: the schemas of thousands of tools take hundreds of megabytes.
 * What a spread copies of it is whole.
 */
export function leanTool(whole: CatalogTool, make: () => CatalogTool, bytes: number, tools: WholeTools): CatalogTool {
  const lean = { [LEAN]: { value: new Lean(whole, make, bytes, tools) } }
  const operation = lighten(whole.operation, OF_OPERATION, lean)
  return lighten({ ...whole, operation }, OF_TOOL, lean)
}

/** A copy whose members of those names are read when they are wanted. */
function lighten<T extends object>(whole: T, reading: PropertyDescriptorMap, lean: PropertyDescriptorMap): T {
  const light: Record<string, unknown> = {}
  const read: PropertyDescriptorMap = { ...lean }
  for (const [name, value] of Object.entries(whole)) {
    const known = reading[name]
    if (known) read[name] = known
    else light[name] = value
  }
  return Object.defineProperties(light, read) as T
}

const LEAN = Symbol('lean')

interface HasLean {
  readonly [LEAN]: Lean
}

// The same functions for all tools, so that all have one shape.
const OF_TOOL: PropertyDescriptorMap = {
  inputSchema: reading((tool) => tool.inputSchema),
  wireSchema: reading((tool) => tool.wireSchema),
  outputSchema: reading((tool) => tool.outputSchema),
  answer: reading((tool) => tool.answer),
  prepared: reading((tool) => tool.prepared),
}
const OF_OPERATION: PropertyDescriptorMap = {
  inputSchema: reading(({ operation }) => operation.inputSchema),
  summary: reading(({ operation }) => operation.summary),
  description: reading(({ operation }) => operation.description),
  parameters: reading(({ operation }) => operation.parameters),
  body: reading(({ operation }) => operation.body),
  security: reading(({ operation }) => operation.security),
  responses: reading(({ operation }) => operation.responses),
}

function reading(of: (whole: CatalogTool) => unknown): PropertyDescriptor {
  return {
    enumerable: true,
    get(this: HasLean) {
      return of(this[LEAN].open())
    },
  }
}
