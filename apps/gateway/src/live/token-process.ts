import module from 'node:module'
import { stepAside } from '../step-aside.ts'
import type { CountedTexts, TextsToCount } from './weigh-calls.ts'

/**
 * The process that counts tokens. Its table takes half a second to read and a hundred megabytes, most of them the engine's, which
 * only the end of a process gives back; and counting costs a call more than all else.
 */
stepAside()
module.enableCompileCache?.()
process.once('disconnect', () => process.exit())
// A terminal sends it to the gateway, too, which ends this one when it is done.
process.on('SIGINT', () => {})
const { countTokens } = await import('@sluice/tokenizer')
process.on('message', (batch: readonly TextsToCount[]) => process.send!(batch.map(count)))
process.send!('ready')

function count({ id, raw, sent }: TextsToCount): CountedTexts {
  const started = performance.now()
  const tokens = { raw: countTokens(raw), sent: 0 }
  tokens.sent = sent === raw ? tokens.raw : countTokens(sent)
  return { id, tokens, ms: performance.now() - started }
}
