import type { JsonSchema } from '@sluice/contract'
import { Ajv2020 } from 'ajv/dist/2020.js'

/** What keeps a schema from being one of dialect 2020-12, with where; nothing where it is one. */
export function schemaFault(schema: JsonSchema): string | undefined {
  if (AJV.validateSchema(schema)) return undefined
  const [first] = AJV.errors ?? []
  return [first?.instancePath, first?.message].filter(Boolean).join(' ')
}

const AJV = new Ajv2020({ strict: false, logger: false })
