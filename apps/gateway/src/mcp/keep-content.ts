import { type ResponseBody, redact } from '@sluice/calls'
import { type Call, CallFailure, type Catalog, type KeptContent, type Redaction } from '@sluice/contract'
import { stringifyJson } from '@sluice/schema'

/** What is kept of a call on a server that records it. */
export interface ContentKeeper {
  readonly trace: NonNullable<Call['trace']>
  /** Asked once, at the end. */
  readonly told: () => KeptContent
}

/** Of one call. */
const MOST_CHARS = 64 * 1024

/**
 * Keeps what the agent sent and what the API answered, each as redacted as what an agent is shown: what was fixed to an
 * argument is not part of it, and secrets are masked before an answer comes here.
 */
export function keepContent(about: Pick<Call, 'tool' | 'upstream' | 'arguments'>): ContentKeeper {
  let answer: ResponseBody | undefined
  return {
    trace: (stage, value) => {
      if (stage === 'response') answer = value as ResponseBody
    },
    told: () => {
      const sent = stringifyJson(about.arguments ?? {})
      const args = argumentsText(sent, about)
      const text = answer && textOf(answer, about)
      return {
        arguments: beginningOf(args),
        answer: beginningOf(text),
        answerType: text === undefined ? null : answer!.mimeType,
        isCut: [args, text].some((one) => one !== undefined && one.length > MOST_CHARS),
        isRedacted: args !== undefined && args !== sent,
      }
    },
  }
}

/**
 * Keeps what was asked of one of our own tools: code, what is searched, the arguments of a composite. It may hold what any
 * of the server's APIs answered before, so whatever is redacted for one of them is redacted here.
 */
export function keepArguments(args: unknown, catalog: Catalog): ContentKeeper {
  const about = { tool: { steps: { redaction: redactionOf(catalog) } }, upstream: {}, arguments: args }
  return { ...keepContent(about as unknown as Parameters<typeof keepContent>[0]), trace: () => {} }
}

/** All that the server's upstreams and tools redact, taken together. */
function redactionOf(catalog: Catalog): Redaction {
  const known = redactions.get(catalog)
  if (known) return known
  const steps = [...catalog.upstreams.values(), ...catalog.tools].flatMap(({ steps: own }) => own?.redaction ?? [])
  const redaction = {
    detectors: [...new Set(steps.flatMap(({ detectors = [] }) => detectors))],
    fields: [...new Set(steps.flatMap(({ fields = [] }) => fields))],
  }
  redactions.set(catalog, redaction)
  return redaction
}

// A server may have thousands of tools.
const redactions = new WeakMap<Catalog, Redaction>()

/** A copy: a slice would keep all that it was taken of in memory. */
function beginningOf(text: string | undefined): string | null {
  if (text === undefined) return null
  return text.length <= MOST_CHARS ? text : Buffer.from(text.slice(0, MOST_CHARS), 'utf16le').toString('utf16le')
}

function argumentsText(text: string, about: Pick<Call, 'tool' | 'upstream'>) {
  return textOf({ status: 200, headers: [], mimeType: 'application/json', kind: 'json', text }, about)
}

/** Nothing of what is no text, or cannot be looked into. */
function textOf(answer: ResponseBody, about: Pick<Call, 'tool' | 'upstream'>): string | undefined {
  try {
    const redacted = redact(answer, about)
    return 'text' in redacted ? redacted.text : undefined
  } catch (error) {
    if (error instanceof CallFailure) return undefined
    throw error
  }
}
