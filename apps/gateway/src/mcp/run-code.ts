import { checkArguments, loggedText, tellCode } from '@sluice/calls'
import {
  type CallOutcome,
  type CancelSignal,
  type CatalogTool,
  type CodeCalls,
  type FailureKind,
  LIMITS,
  type ListedTool,
} from '@sluice/contract'
import { signatureOf, unknownTool } from '@sluice/discovery'
import type { CodeReply, CodeRun, RanCode, RunCode } from '@sluice/sandbox'
import { JsonFault, readMessage, stringifyJson } from '@sluice/schema'
import { asOutcome } from './as-outcome.ts'
import type { Refused } from './refuse-name.ts'

/** What code is run with. */
export interface CodeContext {
  readonly run: RunCode
  readonly tool: ListedTool
  readonly mayCall: CodeCalls
  /** Whose rule that is. */
  readonly ruledBy: 'server' | 'composite'
  /** What the caller may use of the server's tools; a composite is made of these, and of no other. */
  readonly find: (name: string) => CatalogTool | undefined
  readonly names: () => Iterable<string>
  /** Whether a tool that the caller may use is none for code: one of our own, or a composite. */
  readonly mayNotCall: (name: string) => boolean
  /** Makes one call, as any other is made. */
  readonly call: (name: string, args: unknown) => Promise<CallOutcome | undefined>
  /** Told of each call that is not made. */
  readonly refused: (name: string, args: unknown, told: Refused) => void
  readonly owner: string
  readonly workspaceId: string
  readonly deadline: number
  readonly signal: CancelSignal
  readonly maxBytes: number | undefined
}

/** Runs an agent's code: each call that it makes is decided on, limited and recorded by itself. */
export async function runCode(args: unknown, context: CodeContext): Promise<CallOutcome> {
  return asOutcome(async () => {
    const { code } = checkArguments(context.tool.inputSchema, args) as { code: string }
    const ran = await runSource({ source: unfenced(code) }, context)
    const outcome = tellRun('The code', ran, context.maxBytes)
    const isNothing = 'outputText' in ran.result && ran.result.isNothing
    return outcome.ok && isNothing
      ? { ...outcome, content: [...outcome.content, { type: 'text', text: whyNothing(code) }] }
      : outcome
  })
}

function whyNothing(code: string): string {
  const body = 'it is the body of a function, and what that returns is the answer'
  return /\breturn\b/.test(code)
    ? `[The code returned nothing: ${body}. What it returned is undefined, such as a member that is not there; or a function within it must be called, and what that gives returned.]`
    : `[The code has no return: ${body}.]`
}

/** Models write code as they write it to people: in a fence of Markdown. */
function unfenced(code: string): string {
  return /^\s*```[a-z]*\n([\s\S]*?)\n?```\s*$/i.exec(code)?.[1] ?? code
}

/** Runs a curator's code with the arguments of its composite. */
export async function runComposite(args: unknown, code: string, context: CodeContext): Promise<CallOutcome> {
  return asOutcome(async () => {
    const argsText = stringifyJson(checkArguments(context.tool.inputSchema, args))
    const ran = await runSource({ source: code, argsText }, context)
    return tellRun(`The composite "${context.tool.name}"`, ran, context.maxBytes)
  })
}

function runSource(code: Pick<CodeRun, 'source' | 'argsText'>, context: CodeContext): Promise<RanCode> {
  const { owner, workspaceId, deadline, signal } = context
  const call = (name: string, argsText: string) => answerCall(name, argsText, context)
  return context.run({ ...code, call, owner, workspaceId, deadline, signal })
}

/** `what` begins the sentence that tells of a failure. */
function tellRun(what: string, { result }: RanCode, maxBytes: number | undefined): CallOutcome {
  if ('outputText' in result) return tellCode(result.outputText, result.logs, maxBytes)
  const { name, message } = result.failure
  const logged = result.logs.length > 0 ? `\n${loggedText(result.logs)}` : ''
  return {
    ok: false,
    kind: KINDS[name] ?? 'code',
    message: `${what} ${message}${/[.!?…]$/.test(message) ? '' : '.'}${logged}`,
  }
}

const KINDS: Readonly<Record<string, FailureKind>> = { Deadline: 'timeout', Aborted: 'cancelled' }

/** What the code is answered; what was wrong with a call is thrown there, with all that helps to make it right. */
async function answerCall(name: string, argsText: string, context: CodeContext): Promise<CodeReply> {
  const tool = context.find(name)
  const args = argumentsOf(argsText)
  const fault = faultOf(name, tool, args, context)
  if (fault !== undefined) context.refused(name, args.value, fault)
  const outcome = fault === undefined ? await context.call(name, args.value).catch(() => BROKEN) : undefined
  if (!outcome?.ok) {
    const { message, status, said }: Refused = outcome ?? fault ?? noSuch(name, context)
    const about = { message, ...(status ? { status } : {}), tool: name }
    return refusal(tool ? { ...about, signature: signatureOf(tool) } : about, said)
  }
  const { json = 'null', headers = {} } = outcome.value ?? {}
  return { ok: true, text: `{"data":${json},"status":${outcome.status},"headers":${JSON.stringify(headers)}}` }
}

/** Why a call is not made. */
function faultOf(
  name: string,
  tool: CatalogTool | undefined,
  { fault }: GivenArguments,
  context: CodeContext,
): Refused | undefined {
  if (!tool) return noSuch(name, context)
  if (context.mayCall !== 'all' && !tool.annotations.readOnlyHint)
    return {
      ok: false,
      kind: 'blocked',
      message: `${name} changes things, and ${READERS[context.ruledBy]}. Nothing was sent.`,
    }
  return fault === undefined ? undefined : { ok: false, kind: 'arguments', message: `${fault}. Nothing was sent.` }
}

const READERS = {
  server: 'code may only read on this server',
  composite: 'this composite’s code may only read',
} as const

function noSuch(name: string, context: CodeContext): Refused {
  return { ok: false, kind: 'arguments', message: notCallable(name, context) }
}

function notCallable(name: string, { names, mayNotCall, ruledBy }: CodeContext): string {
  // Its caller did not write the code, and may not be offered a search.
  if (ruledBy === 'composite')
    return `There is no tool named "${name}" for this composite and its caller. Who keeps it can mend that; another call cannot.`
  if (mayNotCall(name)) return `There is no tool named "${name}" for code: call it by itself.`
  return unknownTool(name, names())
}

interface GivenArguments {
  readonly value?: unknown
  readonly fault?: string
}

/** Read as a client's are (S20). */
function argumentsOf(text: string): GivenArguments {
  try {
    return { value: readMessage(text, LIMITS.argumentDepth) }
  } catch (error) {
    if (error instanceof JsonFault) return { fault: error.message.replace('The message is', 'The arguments are') }
    throw error
  }
}

/** It is told where calls are observed. */
const BROKEN: CallOutcome = { ok: false, kind: 'code', message: 'Something broke inside Sluice.' }

function refusal(about: object, said?: string): CodeReply {
  const text = JSON.stringify(about)
  return { ok: false, text: said === undefined ? text : `${text.slice(0, -1)},"body":${asJson(said)}}` }
}

function asJson(said: string): string {
  try {
    JSON.parse(said)
    return said
  } catch {
    return JSON.stringify(said)
  }
}
