import { CallFailure, type Operation } from '@sluice/contract'
import { buildRequest } from '@sluice/openapi'
import type { OriginalOperation, Plain } from '../walk-operations.ts'
import { generateArguments, type Mode } from './generate-arguments.ts'
import { judgeDocument } from './judge-document.ts'
import type { JudgeServer } from './judge-server.ts'
import { type Input, listInputs, nameOf } from './list-inputs.ts'
import { type Judge, loadJudge, type Violation } from './prism.ts'
import { carries, readWire, type Wire } from './read-wire.ts'
import { seedOf } from './seeded-random.ts'

/** A request that did not get the judge's yes, or could not be made. */
export interface Refusal {
  readonly kind: 'refused' | 'judge-threw' | 'not-built' | 'no-arguments'
  readonly mode: Mode
  readonly seed: number
  readonly reasons: readonly string[]
  readonly args?: unknown
  readonly sent?: string
}

export interface OperationVerdict {
  readonly operation: string
  readonly requests: number
  readonly accepted: number
  readonly refusals: readonly Refusal[]
  /** Why there is no judge for it. */
  readonly unjudged?: string
  readonly inputs: number
  /** Inputs of the original document that no accepted request carried. */
  readonly lost: readonly string[]
}

/** Makes requests for an operation, has each judged, and looks at what the accepted ones carried. */
export async function judgeOperation(
  root: Plain,
  original: OriginalOperation,
  operation: Operation,
  server: JudgeServer,
): Promise<OperationVerdict> {
  const name = `${original.method} ${original.path}`
  const inputs = listInputs(root, original)
  const loaded = await loadSafely(root, original)
  const open = new Set<Input>(inputs)
  const trial = { operation, judge: loaded.judge ?? (() => []), server, base: seedOf(name) }
  const tries: Try[] = []
  for (const [mode, seed] of PLAN) {
    if (seed > LEAST_SEEDS && open.size === 0) break
    const one = await tryOnce(trial, mode, seed)
    tries.push(one)
    if (one.wire) for (const input of open) if (carries(one.wire, input)) open.delete(input)
  }
  const refusals = tries.flatMap(({ refusal }) => refusal ?? [])
  return {
    operation: name,
    requests: loaded.judge ? tries.length : 0,
    accepted: loaded.judge ? tries.length - refusals.length : 0,
    refusals,
    ...(loaded.judge ? {} : { unjudged: loaded.reason }),
    inputs: inputs.length,
    lost: [...open].map(nameOf),
  }
}

/** Further seeds are tried as long as an input was not carried: another branch may hold it. */
const LEAST_SEEDS = 2
const PLAN: ReadonlyArray<readonly [Mode, number]> = [
  ['minimal', 0],
  ...Array.from({ length: 10 }, (_item, index) => ['full', index + 1] as const),
]

interface Try {
  readonly wire?: Wire
  readonly refusal?: Refusal
}

interface Trial {
  readonly operation: Operation
  readonly judge: Judge
  readonly server: JudgeServer
  readonly base: number
}

async function tryOnce({ operation, judge, server, base }: Trial, mode: Mode, seed: number): Promise<Try> {
  const generated = generateArguments(operation.inputSchema, mode, base + seed * 104_729)
  if (!generated.args) {
    const reasons = generated.faults.map(({ path, message }) => `${path}: ${message}`).slice(0, 5)
    return { refusal: { kind: 'no-arguments', mode, seed, reasons } }
  }
  const { args } = generated
  try {
    const request = buildRequest({ ...operation, baseUrl: undefined }, args, server.baseUrl)
    const { violations, received } = await server.ask(request, judge)
    if (violations.length === 0) return { wire: readWire(received) }
    const kind = violations[0]!.code === 'judge-threw' ? 'judge-threw' : 'refused'
    const body = received.body.toString('utf8').slice(0, 1000)
    const sent = [`${received.method} ${received.target}`, received.headers['content-type'], body].join('\n')
    return { refusal: { kind, mode, seed, reasons: violations.map(inWords), args, sent } }
  } catch (error) {
    if (!(error instanceof CallFailure)) throw error
    return { refusal: { kind: 'not-built', mode, seed, reasons: [error.message], args } }
  }
}

function inWords({ path, code, message }: Violation): string {
  return `${code ?? ''} ${(path ?? []).join('.')}: ${message}`
}

async function loadSafely(root: Plain, original: OriginalOperation): Promise<{ judge?: Judge; reason?: string }> {
  try {
    const judge = await loadJudge(judgeDocument(root, original), original.method, original.path)
    return judge ? { judge } : { reason: 'the judge does not know the method' }
  } catch (error) {
    return { reason: `the judge cannot read it: ${error instanceof Error ? error.message : String(error)}` }
  }
}
