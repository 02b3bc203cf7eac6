import { Type } from 'typebox'

/** A private host or range that may be called. */
export const Allowance = Type.String({
  minLength: 1,
  maxLength: 200,
  description: 'A host (`localhost:3000`) or a CIDR range (`10.1.0.0/16`). Metadata addresses are never called.',
  examples: ['10.1.0.0/16'],
})
