import type { OperationDefinition } from '@sluice/contract'
import { parseJson } from '@sluice/schema'

/** A stored definition. Numbers that a double cannot hold, in a list of allowed values for instance, keep their digits (B56). */
export function readDefinition(text: string): OperationDefinition {
  return parseJson(text) as OperationDefinition
}
