import { type CallSteps, DETECTORS, type Redaction } from '@sluice/contract'
import { type command, several } from '../command.ts'
import { readText } from '../read-document.ts'

/** Options for the steps of each call, of a tool or an upstream. */
export function withStepOptions(base: ReturnType<typeof command>) {
  return base
    .option('--request-interceptor <file>', 'JavaScript or TypeScript that changes each request; none: takes it away')
    .option('--response-interceptor <file>', 'the same for each answer')
    .option(
      '--redact <what>',
      `${DETECTORS.join(', ')}, or a field such as customer.email or **.ssn; none: nothing`,
      several,
    )
}

export interface StepOptions {
  readonly requestInterceptor?: string
  readonly responseInterceptor?: string
  readonly redact?: readonly string[]
}

/** The steps there were with the ones that are said now; nothing where none is. */
export function stepEdits(before: CallSteps, options: StepOptions): { steps?: CallSteps } {
  const { requestInterceptor, responseInterceptor, redact } = options
  if (requestInterceptor === undefined && responseInterceptor === undefined && redact === undefined) return {}
  const said = {
    ...(requestInterceptor === undefined ? {} : { requestInterceptor: scriptIn(requestInterceptor) }),
    ...(responseInterceptor === undefined ? {} : { responseInterceptor: scriptIn(responseInterceptor) }),
    ...(redact === undefined ? {} : { redaction: redactionOf(redact) }),
  }
  const all = Object.entries({ ...before, ...said }).filter(([, step]) => step !== undefined)
  return { steps: Object.fromEntries(all) }
}

/** Which steps there are, in a line. */
export function stepsText({ requestInterceptor, responseInterceptor, redaction }: CallSteps): string {
  const redacted = [...(redaction?.detectors ?? []), ...(redaction?.fields ?? [])]
  return [
    ...(requestInterceptor ? [`request interceptor (${requestInterceptor.length} characters)`] : []),
    ...(responseInterceptor ? [`response interceptor (${responseInterceptor.length} characters)`] : []),
    ...(redacted.length > 0 ? [`redacts ${redacted.join(', ')}`] : []),
  ].join('; ')
}

function scriptIn(file: string): string | undefined {
  return file === 'none' ? undefined : readText(file)
}

function redactionOf(what: readonly string[]): Redaction | undefined {
  const isDetector = (one: string): one is (typeof DETECTORS)[number] => (DETECTORS as readonly string[]).includes(one)
  const detectors = what.filter(isDetector)
  const fields = what.filter((one) => !isDetector(one) && one !== 'none')
  if (detectors.length + fields.length === 0) return undefined
  return { ...(detectors.length > 0 ? { detectors } : {}), ...(fields.length > 0 ? { fields } : {}) }
}
