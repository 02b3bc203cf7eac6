import type { Sample, SampleDetail, TriedTool } from '@sluice/contract'
import { type AdminApi, at } from '../admin-api.ts'
import { command, UsageFault } from '../command.ts'
import { withGateway } from '../connect.ts'
import { findTool } from '../find-tool.ts'
import { answer, listing } from '../print.ts'

export function samplesCommand() {
  return command('samples', 'list the answers that are kept of a tool', ['sluice tools samples list_books'])
    .argument('<tool>', 'name, upstream/name or id')
    .action(async (meant, options) => {
      const items = await withGateway(async (api) =>
        api.list<Sample>(at`/tools/${(await findTool(api, meant)).id}/samples`, {}),
      )
      const rows = items.map(({ name, status, bytes, updatedAt }) => [name, `HTTP ${status}`, String(bytes), updatedAt])
      answer(options, { items }, () => listing(rows, ['SAMPLE', 'ANSWER', 'BYTES', 'KEPT'], 'No answer of it is kept.'))
    })
}

export function forgetSampleCommand() {
  return command('forget', 'keep an answer of a tool no longer', ['sluice tools forget list_books a-page'])
    .argument('<tool>', 'name, upstream/name or id')
    .argument('<sample>', 'its name')
    .action(async (meant, name, options) => {
      await withGateway(async (api) =>
        api.request<undefined>('DELETE', at`/tools/${(await findTool(api, meant)).id}/samples/${name}`),
      )
      answer(options, { forgotten: name }, () => `${name} is kept no longer.`)
    })
}

export function keepCallCommand() {
  return command('keep', 'keep what was answered in a recorded call as a sample of its tool', [
    'sluice tools keep 0b1f6f0e-7c1e-4a55-9d1c-3c5a2c0f4e11 a-page',
  ])
    .argument('<call>', 'its id, as `sluice logs --json` shows it')
    .argument('<sample>', 'how it is named')
    .action(async (call, name, options) => {
      const kept = await withGateway((api) => api.request<SampleDetail>('POST', at`/calls/${call}/sample`, { name }))
      answer(options, kept, () => `The answer is kept as ${name}: what is made of answers is tried on it.`)
    })
}

/** Keeps what the API answered in a try, numbers to the last digit. @throws UsageFault where it answered no text */
export async function keepAnswer(api: AdminApi, toolId: string, name: string, args: string, { stages }: TriedTool) {
  const said = stages.find(({ stage }) => stage === 'response')?.value as Answered | undefined
  if (said?.text === undefined) throw new UsageFault('There is nothing to keep: the API answered no text.')
  const { status, kind, mimeType, text } = said
  const body = kind === 'json' ? text : JSON.stringify(text)
  const headers = JSON.stringify({ 'content-type': mimeType })
  const sample = `{"arguments":${args},"answer":{"status":${status},"headers":${headers},"body":${body}}}`
  await api.requestText('PUT', at`/tools/${toolId}/samples/${name}`, sample)
}

interface Answered {
  readonly status: number
  readonly kind: string
  readonly mimeType: string
  readonly text?: string
}
