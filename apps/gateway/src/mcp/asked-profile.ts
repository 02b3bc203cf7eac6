import { type AskedProfile, LIMITS, Problem, type ProblemError, SCHEMA_PROFILES } from '@sluice/contract'

const LEAST_NAME_CHARS = 16
const LEAST_RESULT_BYTES = 1_000

type Query = Readonly<Record<string, string | string[] | undefined>>

/**
 * What a server's URL asks for, whatever the client is called: `?schema=strict&name_chars=40&result_bytes=8000`.
 * @throws Problem `invalid-request`
 */
export function askedProfile(query: Query): AskedProfile {
  // Nearly all ask for nothing.
  if (Object.keys(query).length === 0) return {}
  const errors: ProblemError[] = []
  const schema = SCHEMA_PROFILES.find((one) => one === query.schema)
  if (query.schema !== undefined && !schema) errors.push(fault('schema', `one of ${SCHEMA_PROFILES.join(', ')}`))
  const nameChars = whole('name_chars', LEAST_NAME_CHARS, LIMITS.toolNameChars)
  const resultBytes = whole('result_bytes', LEAST_RESULT_BYTES, LIMITS.resultBytes)
  if (errors.length > 0) throw new Problem('invalid-request', { detail: errors[0]!.detail, errors })
  return {
    ...(schema ? { schema } : {}),
    ...(nameChars === undefined ? {} : { nameChars }),
    ...(resultBytes === undefined ? {} : { resultBytes }),
  }

  function whole(name: string, least: number, most: number): number | undefined {
    const given = query[name]
    if (given === undefined) return undefined
    const number = Number(given)
    if (Number.isInteger(number) && number >= least && number <= most) return number
    errors.push(fault(name, `a whole number from ${least} to ${most}`))
    return undefined
  }
}

function fault(name: string, wanted: string): ProblemError {
  return { pointer: name, detail: `${name} in the URL of the server is ${wanted}.` }
}
