// `npm run bench -- sandbox`: what an interceptor adds to a call, by the size of the answer.
import { createSandbox } from '@sluice/sandbox'
import { median } from './median.ts'

const SIZES: ReadonlyArray<readonly [name: string, bytes: number, runs: number]> = [
  ['1 kB', 1_000, 300],
  ['100 kB', 100_000, 100],
  ['5 MB', 4_900_000, 10],
]
const SOURCE =
  'response.body.items = response.body.items.filter((item) => item.n % 2 === 0).map(({ n, name }) => ({ n, name }))'

/** Milliseconds at the median: the same in this process, in the sandbox, and what the sandbox adds. */
export async function benchSandbox(): Promise<boolean> {
  const sandbox = createSandbox()
  console.log(['answer', 'in process', 'sandbox', 'adds'].map((cell) => cell.padStart(12)).join(''))
  for (const [name, bytes, runs] of SIZES) {
    const input = inputOf(bytes)
    const change = new Function('response', SOURCE) as (response: unknown) => void
    const own = await measure(runs, async () => {
      const { response } = JSON.parse(input) as { response: unknown }
      change(response)
      JSON.stringify(response)
    })
    const interceptor = { name: 'bench', point: 'response', source: SOURCE } as const
    const there = await measure(runs, async () => {
      await sandbox.intercept(interceptor, input, { deadline: Date.now() + 30_000, maxBytes: 10_000_000 })
    })
    console.log(
      [name, ...[own, there, there - own].map((ms) => `${ms.toFixed(2)} ms`)].map((cell) => cell.padStart(12)).join(''),
    )
  }
  await sandbox.close()
  return true
}

function inputOf(bytes: number): string {
  const item = (n: number) => ({ n, name: `name of ${n}`, note: 'a text that is left out' })
  const items = Array.from({ length: Math.max(1, Math.floor(bytes / 70)) }, (_, n) => item(n))
  return JSON.stringify({ response: { status: 200, headers: {}, body: { items } }, arguments: {}, tool: {} })
}

async function measure(runs: number, run: () => Promise<void>): Promise<number> {
  for (let n = 0; n < 5; n++) await run()
  const times: number[] = []
  for (let n = 0; n < runs; n++) {
    const started = performance.now()
    await run()
    times.push(performance.now() - started)
  }
  return median(times)
}
