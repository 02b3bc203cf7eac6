import { CallFailure, type JsonSchema, type Operation } from '@sluice/contract'
import { buildRequest } from '@sluice/openapi'
import type { OriginalOperation, Plain } from '../walk-operations.ts'
import { reaches } from './effective-schema.ts'
import { generateArguments, type Mode } from './generate-arguments.ts'
import type { Steps } from './generate-value.ts'
import { generatedSchema } from './generated-schema.ts'
import type { Judge, LoadJudge, Violation } from './judge.ts'
import type { JudgeServer } from './judge-server.ts'
import { explain } from './known-disagreements.ts'
import { type Input, listInputs } from './list-inputs.ts'
import { loadJudge } from './load-judge.ts'
import { carries, readWire, type Wire } from './read-wire.ts'
import type { Refusal } from './refusal.ts'
import { seedOf } from './seeded-random.ts'

export interface OperationVerdict {
  readonly operation: string
  readonly requests: number
  readonly accepted: number
  readonly refusals: readonly Refusal[]
  /** Why there is no judge for it: then its requests are only looked at for what they carry. */
  readonly unjudged?: string
  readonly inputs: number
  /** Inputs of the original document that no accepted request carried. */
  readonly lost: readonly Loss[]
}

export interface Loss {
  readonly input: Input
  readonly because: 'no request was accepted' | 'its media type was not sent' | 'no request carried it'
}

/** Who receives requests, and who judges them. */
export interface Court {
  readonly server: JudgeServer
  /** Absent: every request is accepted, and only looked at for what it carries. */
  readonly load?: LoadJudge
}

/** Makes requests for an operation, has each judged, and looks at what the accepted ones carried. */
export async function judgeOperation(
  root: Plain,
  original: OriginalOperation,
  operation: Operation,
  { server, load }: Court,
): Promise<OperationVerdict> {
  const name = `${original.method} ${original.path}`
  const inputs = listInputs(root, original)
  const { judge, reason } = await loadSafely(root, original, load)
  const open = new Set<Input>(inputs)
  const trial = {
    name,
    operation,
    schema: generatedSchema(operation),
    judge: judge ?? (() => []),
    server,
    base: seedOf(name),
    open,
    refusals: [],
    sentTypes: new Set<string>(),
  }
  const tries = (await tryBroadly(trial)) + (await tryToward(trial))
  const { refusals } = trial as { refusals: Refusal[] }
  return {
    operation: name,
    requests: judge ? tries : 0,
    accepted: judge ? tries - refusals.length : 0,
    refusals: judge ? refusals : refusals.filter(({ kind }) => kind !== 'refused' && kind !== 'judge-threw'),
    ...(judge ? {} : { unjudged: reason }),
    inputs: inputs.length,
    lost: [...open].map((input) => ({ input, because: whyLost(input, trial) })),
  }
}

function whyLost(input: Input, { sentTypes }: Trial): Loss['because'] {
  if (sentTypes.size === 0) return 'no request was accepted'
  const isSent = input.place !== 'body' || input.contentType === 'form' || sentTypes.has(mediaType(input.contentType))
  return isSent ? 'no request carried it' : 'its media type was not sent'
}

function mediaType(text: string): string {
  return text.split(';', 1)[0]!.trim().toLowerCase()
}

interface Trial {
  readonly name: string
  readonly operation: Operation
  /** What arguments are generated for. */
  readonly schema: JsonSchema
  readonly judge: Judge
  readonly server: JudgeServer
  readonly base: number
  /** Inputs that nothing carried yet. */
  readonly open: Set<Input>
  readonly refusals: Refusal[]
  /** Media types of the bodies that were accepted. */
  readonly sentTypes: Set<string>
}

const PLAN: ReadonlyArray<readonly [Mode, number]> = [
  ['minimal', 0],
  ['full', 1],
  ['full', 2],
  ['full', 3],
]

/** The least that may be sent, then everything at once, with several seeds. */
async function tryBroadly(trial: Trial): Promise<number> {
  for (const [mode, seed] of PLAN) await tryOnce(trial, mode, seed, [])
  return PLAN.length
}

const MOST_ROUNDS = 40

/** Requests made for what no request carried yet: another branch may hold it, or a deeper level. */
async function tryToward(trial: Trial): Promise<number> {
  const stepsOf = new Map([...trial.open].map((input) => [input, argumentSteps(trial.operation, input)]))
  const isBeyond = (input: Input) => !reaches(trial.schema, stepsOf.get(input)!, trial.schema)
  const hopeless = new Set([...trial.open].filter(isBeyond))
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const wanted = [...trial.open].filter((input) => !hopeless.has(input))
    const [first] = wanted
    if (!first) return round
    const mode = round % 2 === 0 ? 'minimal' : 'full'
    await tryOnce(
      trial,
      mode,
      PLAN.length + round,
      wanted.map((input) => stepsOf.get(input)!),
    )
    if (trial.open.has(first) && mode === 'full') hopeless.add(first)
  }
  return MOST_ROUNDS
}

/** Where in the arguments an input is given. */
function argumentSteps({ parameters, body }: Operation, input: Input): Steps {
  if (input.place !== 'body') {
    const binding = parameters.find((one) => one.in === input.place && 'name' in one && one.name === input.name)
    return binding ? [binding.argument] : []
  }
  if (!body) return []
  if ('argument' in body.from) return [body.from.argument, ...input.steps]
  const [first, ...rest] = input.steps
  const own = body.from.properties.find(({ property }) => property === first)
  return own ? [own.argument, ...rest] : []
}

async function tryOnce(trial: Trial, mode: Mode, seed: number, toward: readonly Steps[]): Promise<void> {
  const wished = toward.filter((steps) => steps.length > 0)
  const { wire, refusal } = await send(trial, mode, seed, wished)
  if (refusal) trial.refusals.push(refusal)
  if (!wire) return
  trial.sentTypes.add(mediaType(wire.contentType))
  for (const input of trial.open) if (carries(wire, input)) trial.open.delete(input)
}

async function send(
  { name, operation, schema, judge, server, base }: Trial,
  mode: Mode,
  seed: number,
  toward: readonly Steps[],
): Promise<{ readonly wire?: Wire; readonly refusal?: Refusal }> {
  let args: Record<string, unknown> | undefined
  try {
    const generated = generateArguments(schema, mode, base + seed * 104_729, toward)
    if (!generated.args) {
      const reasons = generated.faults.map(({ path, message }) => `${path}: ${message}`).slice(0, 5)
      return { refusal: { kind: 'no-arguments', mode, seed, reasons } }
    }
    args = ofOneType(operation, generated.args, seed)
    const request = buildRequest({ ...operation, baseUrl: undefined }, args, server.baseUrl)
    const { violations, received } = await server.ask(request, judge)
    if (violations.length === 0) return { wire: readWire(received) }
    const kind = NO_VERDICT.has(violations[0]!.code) ? 'judge-threw' : 'refused'
    const body = received.body.toString('utf8').slice(0, 1000)
    const sent = [`${received.method} ${received.target}`, received.headers['content-type'], body].join('\n')
    const isCut = JSON.stringify(operation.inputSchema).length > 250_000
    const refusal: Refusal = { kind, mode, seed, reasons: [...new Set(violations.map(inWords))], isCut, args, sent }
    // What a judge refuses wrongly has carried what it carried.
    return explain(refusal, name) ? { refusal, wire: readWire(received) } : { refusal }
  } catch (error) {
    const kind = error instanceof CallFailure ? 'not-built' : 'crashed'
    const reason = error instanceof Error ? (kind === 'crashed' ? error.stack : error.message) : String(error)
    return { refusal: { kind, mode, seed, reasons: [reason ?? ''], args } }
  }
}

const NO_VERDICT: ReadonlySet<unknown> = new Set(['judge-threw', 'no-verdict'])

/** Media types that differ are taken in turn, each with the properties that it has. */
function ofOneType({ body }: Operation, args: Record<string, unknown>, seed: number): Record<string, unknown> {
  if (!body || !('properties' in body.from) || !body.contents.some(({ properties }) => properties)) return args
  const { contentType, properties = [] } = body.contents[seed % body.contents.length]!
  const others = body.from.properties.filter(({ property }) => !properties.includes(property))
  const left = new Set(others.map(({ argument }) => argument))
  return { ...Object.fromEntries(Object.entries(args).filter(([name]) => !left.has(name))), contentType }
}

function inWords({ path, code, message }: Violation): string {
  return `${code ?? ''} ${(path ?? []).join('.')}: ${message}`
}

async function loadSafely(
  root: Plain,
  original: OriginalOperation,
  load: LoadJudge | undefined,
): Promise<{ judge?: Judge; reason?: string }> {
  if (!load) return { reason: 'there is no judge' }
  try {
    const judge = await loadJudge(root, original, load)
    return judge ? { judge } : { reason: 'the judge does not know the method' }
  } catch (error) {
    return { reason: `the judge cannot read it: ${error instanceof Error ? error.message : String(error)}` }
  }
}
