import { type Call, CallFailure, type Redaction } from '@sluice/contract'
import { isExactNumber, isRecord, parseJsonAsWritten, stringifyJson } from '@sluice/schema'
import { detectors } from './detect-personal.ts'
import type { ResponseBody } from './read-response.ts'
import { redactText } from './redact-text.ts'

const REDACTED = '[redacted]'

/**
 * The answer without what its curator, or the upstream's, does not want seen. Failures too.
 * @throws CallFailure of kind `interceptor` for what cannot be looked into: data never passes as it is
 */
export function redact(answer: ResponseBody, call: Pick<Call, 'tool' | 'upstream'>): ResponseBody {
  const { tool, upstream } = call
  const steps = [upstream.steps?.redaction, tool.steps?.redaction].filter((one) => one !== undefined)
  if (steps.length === 0) return answer
  const clean = cleaner(steps)
  const fields = steps.flatMap((one) => one.fields ?? []).map((path) => path.split('.'))
  const json = (text: string) => stringifyJson(redactValue(parseJsonAsWritten(text), fields, clean))
  const headers = answer.headers.map(([name, value]) => [name, clean(value)] as const)
  const about = { ...answer, headers }
  if (about.kind === 'empty') return about
  if (about.kind === 'parts') return { ...about, parts: about.parts.map((part) => redact(part, call)) }
  if (about.kind === 'json') return { ...about, text: json(about.text) }
  const text = 'text' in about ? about.text : textIn(about.bytes)
  // A picture is no text, and is shown as one; what a file holds is shown to who opens it.
  if (text === undefined && about.kind !== 'binary') return about
  const redacted = text === undefined ? undefined : redactText(text, { json, clean, fields: fields.length > 0 })
  if (redacted === undefined) return refuse(about, tool.name)
  return 'text' in about ? { ...about, text: redacted } : { ...about, bytes: Buffer.from(redacted) }
}

/** What an API says of a failure is not worth a failure of ours. */
function refuse({ status, headers, mimeType }: ResponseBody, tool: string): ResponseBody {
  if (status >= 400) return { status, headers, mimeType, kind: 'text', text: REDACTED }
  const what = `The redaction of ${tool} cannot look into an answer of ${mimeType}, so it is not shown.`
  throw new CallFailure('interceptor', `${what} The curator can have the API answer JSON, or take the redaction away.`)
}

function textIn(bytes: Uint8Array): string | undefined {
  if (bytes.includes(0)) return undefined
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return undefined
  }
}

function cleaner(steps: readonly Redaction[]): (text: string) => string {
  const wanted = new Set(steps.flatMap((one) => one.detectors ?? []))
  const finders = detectors.filter(({ kind }) => wanted.has(kind))
  return (text) => finders.reduce((cleaned, { kind, replace }) => replace(cleaned, `[${kind}]`), text)
}

type Path = readonly string[]

/** `paths`: what is left of each on the way to here. Lists are looked into, whatever the path says. */
function redactValue(value: unknown, paths: readonly Path[], clean: (text: string) => string): unknown {
  if (Array.isArray(value)) return value.map((item) => redactValue(item, paths, clean))
  if (isRecord(value)) return redactMembers(value, paths, clean)
  if (typeof value === 'string') return clean(value)
  // A card number may be a number.
  if (typeof value !== 'number' && !isExactNumber(value)) return value
  const text = stringifyJson(value)
  const cleaned = clean(text)
  return cleaned === text ? value : cleaned
}

function redactMembers(
  object: Record<string, unknown>,
  paths: readonly Path[],
  clean: (text: string) => string,
): Record<string, unknown> {
  const copy: Record<string, unknown> = Object.create(null)
  for (const [name, member] of Object.entries(object)) {
    const below = paths.flatMap((path) => stepInto(path, name))
    copy[freeName(clean(name), copy)] = below.some((path) => path.length === 0)
      ? REDACTED
      : redactValue(member, below, clean)
  }
  return copy
}

/** Two names may be the same once they are cleaned. */
function freeName(name: string, taken: Record<string, unknown>): string {
  let free = name
  for (let number = 2; Object.hasOwn(taken, free); number++) free = `${name} ${number}`
  return free
}

/** What is left of a path below a name; nothing where it leads elsewhere. */
function stepInto(path: Path, name: string): Path[] {
  const [step, ...rest] = path
  if (step === '**') return [path, ...stepInto(rest, name)]
  return step === '*' || step === name ? [rest] : []
}
