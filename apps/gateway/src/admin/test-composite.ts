import {
  type CompositeTest,
  type CompositeTestReport,
  type CompositeTestResult,
  OWN_TOOL_NAMES,
  Problem,
  type ProblemError,
  type SetComposite,
} from '@sluice/contract'
import type { CodeReply, CodeRun, RanCode, RunCode } from '@sluice/sandbox'
import { canonicalJson, checkSchema, schemaFault } from '@sluice/schema'

/** Whose turn a test takes: those of one admin key run one after the other. */
export interface CompositeTester {
  readonly run: RunCode
  readonly owner: string
  readonly workspaceId: string
}

type Tested = Pick<SetComposite, 'code' | 'tests' | 'inputSchema'>

/**
 * Refuses a composite that could not be served, or that fails a test of its own.
 * @throws Problem `invalid-request`
 */
export async function checkComposite(name: string, composite: Tested, tester: CompositeTester): Promise<void> {
  refuseName(name)
  refuseSchema(composite)
  const { tests } = await testComposite(composite, tester)
  const errors = tests.flatMap(({ passed, why }, at): ProblemError[] =>
    passed ? [] : [{ pointer: `/tests/${at}`, detail: why ?? '', fix: 'Change the code, or what the test expects.' }],
  )
  if (errors.length > 0) throw new Problem('invalid-request', { detail: errors[0]!.detail, errors })
}

/** Runs its tests, one after the other; without any, the code is compiled alone. */
export async function testComposite(composite: Tested, tester: CompositeTester): Promise<CompositeTestReport> {
  const all: readonly CompositeTest[] = composite.tests ?? []
  const tests: CompositeTestResult[] = []
  for (const test of all) tests.push(await runTest(composite, test, tester))
  if (all.length === 0) {
    const fault = await compileFault(composite.code, tester)
    if (fault)
      throw new Problem('invalid-request', {
        detail: fault,
        errors: [{ pointer: '/code', detail: fault, fix: 'Mend the code.' }],
      })
  }
  const passed = tests.filter((test) => test.passed).length
  return { passed, failed: tests.length - passed, tests }
}

function refuseName(name: string): void {
  if (!OWN_TOOL_NAMES.includes(name)) return
  const detail = `"${name}" is a tool of Sluice's own.`
  throw new Problem('invalid-request', {
    detail,
    errors: [{ pointer: 'composite', detail, fix: 'Choose another name.' }],
  })
}

function refuseSchema({ inputSchema }: Tested): void {
  const fault = inputSchema && schemaFault(inputSchema)
  if (!fault) return
  const detail = `The input schema is no JSON Schema: ${fault}.`
  throw new Problem('invalid-request', {
    detail,
    errors: [{ pointer: '/inputSchema', detail, fix: 'Mend the schema.' }],
  })
}

const TEST_MS = 10_000

async function runTest(
  { code, inputSchema }: Tested,
  test: CompositeTest,
  tester: CompositeTester,
): Promise<CompositeTestResult> {
  const failed = (why: string): CompositeTestResult => ({ name: test.name, passed: false, why: `${test.name}: ${why}` })
  const [fault] = inputSchema ? checkSchema(inputSchema, test.arguments) : []
  if (fault)
    return failed(
      `its arguments do not fit the input schema: ${[fault.path, fault.message].filter(Boolean).join(' ')}.`,
    )
  const answers = answersOf(test)
  const argsText = JSON.stringify(test.arguments)
  const result = await runIn(tester, { source: code, argsText, call: answers.answer })
  if ('failure' in result) return failed(`the code ${result.failure.message}.`)
  const [wanted, got] = [JSON.stringify(test.result ?? null), result.outputText]
  if (canonicalJson(JSON.parse(got)) !== canonicalJson(JSON.parse(wanted))) {
    return failed(`it answered ${brief(got)}, and ${brief(wanted)} was expected.`)
  }
  const [left] = answers.unused()
  return left ? failed(`it did not call ${left}.`) : { name: test.name, passed: true, why: null }
}

/** Each answer is given once, to the first call that it is for. */
function answersOf({ calls }: CompositeTest) {
  const open = [...calls]
  return {
    answer: async (name: string, argsText: string): Promise<CodeReply> => {
      const args = canonicalJson(JSON.parse(argsText))
      const at = open.findIndex(
        (call) => call.tool === name && (call.arguments === undefined || canonicalJson(call.arguments) === args),
      )
      if (at < 0) return refusal(name, `the test has no answer for ${name} with ${brief(argsText)}`)
      const [{ answer = null, fails }] = open.splice(at, 1) as [(typeof open)[number]]
      if (fails) return refusal(name, `The API answered ${fails}.`, fails)
      return { ok: true, text: JSON.stringify({ data: answer, status: 200, headers: {} }) }
    },
    unused: () => open.map(({ tool }) => tool),
  }
}

function refusal(tool: string, message: string, status?: number): CodeReply {
  return { ok: false, text: JSON.stringify({ message, tool, ...(status ? { status } : {}) }) }
}

/** What is wrong with the code as such; it is not run. */
async function compileFault(code: string, tester: CompositeTester): Promise<string | undefined> {
  const call = async (name: string) => refusal(name, 'nothing is called')
  const result = await runIn(tester, { source: code, argsText: '{}', onlyCompiled: true, call })
  return 'failure' in result ? `The code ${result.failure.message}.` : undefined
}

async function runIn(
  { run, owner, workspaceId }: CompositeTester,
  code: Pick<CodeRun, 'source' | 'argsText' | 'onlyCompiled' | 'call'>,
): Promise<RanCode['result']> {
  const [deadline, signal] = [Date.now() + TEST_MS, AbortSignal.timeout(TEST_MS)]
  return (await run({ ...code, owner, workspaceId, deadline, signal })).result
}

function brief(text: string): string {
  return text.length > 200 ? `${text.slice(0, 199)}…` : text
}
