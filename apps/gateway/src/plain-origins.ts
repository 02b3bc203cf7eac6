import { Problem, type ProblemCode } from '@sluice/contract'

/** As a request's own origin is written: any other spelling would be bound to nothing. Undefined for what is none. */
export function plainOrigin(text: string): string | undefined {
  return URL.canParse(text) ? new URL(text).origin : undefined
}

/** Each once. @throws Problem for what is none */
export function plainOrigins(origins: readonly string[], code: ProblemCode = 'invalid-request'): string[] {
  return [...new Set(origins.map((text, index) => plainOrigin(text) ?? refuse(text, index, code)))]
}

function refuse(text: string, index: number, code: ProblemCode): never {
  const detail = `"${text}" is no origin.`
  const fix = 'Give one such as https://api.example.com.'
  throw new Problem(code, { detail, errors: [{ pointer: `/origins/${index}`, detail, fix }] })
}
