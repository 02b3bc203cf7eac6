import module from 'node:module'
import { parentPort } from 'node:worker_threads'
import type { CountedTexts, TextsToCount } from './weigh-calls.ts'

/** The body of the thread that counts tokens: its table takes half a second to read, and counting costs a call more than all else. */
module.enableCompileCache?.()
const { countTokens } = await import('@sluice/tokenizer')
const { giveWay } = await import('../give-way.ts')
giveWay()
parentPort!.postMessage('ready')

parentPort!.on('message', (batch: readonly TextsToCount[]) => parentPort!.postMessage(batch.map(count)))

function count({ id, raw, sent }: TextsToCount): CountedTexts {
  const started = performance.now()
  const tokens = { raw: countTokens(raw), sent: 0 }
  tokens.sent = sent === raw ? tokens.raw : countTokens(sent)
  return { id, tokens, ms: performance.now() - started }
}
