import { Problem, type ProblemCode } from '@sluice/contract'

/** Origins as a request's own is written, each once: any other spelling would be bound to nothing. @throws Problem */
export function plainOrigins(origins: readonly string[], code: ProblemCode = 'invalid-request'): string[] {
  return [...new Set(origins.map(plainOrigin))]

  function plainOrigin(text: string, index: number): string {
    if (URL.canParse(text)) return new URL(text).origin
    const detail = `"${text}" is no origin.`
    const fix = 'Give one such as https://api.example.com.'
    throw new Problem(code, { detail, errors: [{ pointer: `/origins/${index}`, detail, fix }] })
  }
}
