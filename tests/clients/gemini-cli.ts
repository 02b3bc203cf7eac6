import { mkdirSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import type { Client } from './client.ts'
import { programIn } from './load-from.ts'
import { geminiContent } from './model/gemini-content.ts'
import { seenByModel } from './model/seen-by-model.ts'
import { startModel } from './model/start-model.ts'
import { runInShell } from './run-program.ts'

/** Told of the server as `sluice connect` says. */
export const geminiCli: Client = {
  package: '@google/gemini-cli',
  isApart: true,
  toolName: (tool) => `mcp_bookshop_${tool}`,
  results: 'the text, in `<untrusted_context>`',
  run: async ({ install, snippet }) => {
    const model = await startModel(geminiContent, geminiCli.toolName)
    const home = join(homedir(), '.gemini')
    mkdirSync(home)
    writeFileSync(join(home, 'settings.json'), JSON.stringify(SETTINGS))
    // A model that is named is asked at once: else it first asks another which one to take.
    const lines = `${snippet} >&2\ngemini --model gemini-2.5-pro --yolo -p 'Read a book.'`
    const env = { GOOGLE_GEMINI_BASE_URL: model.url, GEMINI_API_KEY: 'none', GEMINI_CLI_TRUST_WORKSPACE: 'true' }
    const said = await runInShell('gemini', programIn(install, geminiCli.package, 'gemini'), lines, env)
    return seenByModel(model.turn(), said, 'mcp_', /^<untrusted_context>\n([\s\S]*)\n<\/untrusted_context>\s*$/)
  },
}

const SETTINGS = {
  security: { auth: { selectedType: 'gemini-api-key' } },
  privacy: { usageStatisticsEnabled: false },
}
