import { mkdirSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import type { Client } from './client.ts'
import { programIn } from './load-from.ts'
import { openaiResponses } from './model/openai-responses.ts'
import { seenByModel } from './model/seen-by-model.ts'
import { startModel } from './model/start-model.ts'
import { runProgram } from './run-program.ts'

/** Told of the server as `sluice connect` says. */
export const codex: Client = {
  package: '@openai/codex',
  isApart: true,
  toolName: (tool) => `mcp__bookshop.${tool}`,
  results: 'the value alone, else the text, below `Wall time: … seconds` and `Output:`',
  run: async ({ install, snippet }) => {
    const model = await startModel(openaiResponses, codex.toolName)
    const home = join(homedir(), '.codex')
    mkdirSync(home)
    writeFileSync(join(home, 'config.toml'), `${modelConfig(model.url)}\n${snippet}\n`)
    const program = programIn(install, codex.package, 'codex')
    const said = await runProgram([program, 'exec', '--skip-git-repo-check', 'Read a book.'])
    return seenByModel(model.turn(), said, 'mcp__', /^Wall time: [\d.]+ seconds\nOutput:\n([\s\S]*)$/)
  },
}

/** The name of a model that it knows: with another it behaves otherwise than it does for most. */
function modelConfig(url: string): string {
  return `
model = "gpt-5.5"
model_provider = "loopback"
[model_providers.loopback]
name = "loopback"
base_url = "${url}/v1"
wire_api = "responses"`
}
