import type { OperationDefinition } from '@sluice/contract'
import { isPacked, packText, parseJson, unpackText } from '@sluice/schema'

/** A definition as it is stored and kept in memory: those of a large document are hundreds of megabytes of text. */
export function packDefinition(definition: OperationDefinition): Uint8Array {
  return packText(JSON.stringify(definition))
}

/** The same where it comes from an earlier release, which stored it as text. */
export function repacked(stored: Uint8Array): Uint8Array {
  return isPacked(stored) ? stored : packText(unpackText(stored))
}

/** A stored definition. Numbers that a double cannot hold, in a list of allowed values for instance, keep their digits (B56). */
export function readDefinition(packed: Uint8Array): OperationDefinition {
  return parseJson(unpackText(packed)) as OperationDefinition
}
