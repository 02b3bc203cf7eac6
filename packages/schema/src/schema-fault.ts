import type { JsonSchema } from '@sluice/contract'
import { Ajv2020 } from 'ajv/dist/2020.js'

/** What keeps a schema from being one of dialect 2020-12, with where; nothing where it is one. */
export function schemaFault(schema: JsonSchema): string | undefined {
  // Made where it is needed: every process reads this module, and few ever check a schema.
  const ajv = new Ajv2020({ strict: false, logger: false })
  if (ajv.validateSchema(schema)) return undefined
  const [first] = ajv.errors ?? []
  return [first?.instancePath, first?.message].filter(Boolean).join(' ')
}
