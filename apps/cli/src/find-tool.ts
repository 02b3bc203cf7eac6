import type { Tool } from '@sluice/contract'
import { type AdminApi, ApiProblem } from './admin-api.ts'

/**
 * The tool that a person means: by its id, by `upstream/name`, or by its name where only one upstream has it.
 * @throws ApiProblem when there is none, or more than one
 */
export async function findTool(api: AdminApi, meant: string): Promise<{ readonly id: string }> {
  if (/^tool_[0-9a-z]{26}$/.test(meant)) return { id: meant }
  const slash = meant.indexOf('/')
  const [upstream, name] = slash < 0 ? [undefined, meant] : [meant.slice(0, slash), meant.slice(slash + 1)]
  const found = (await api.list<Tool>('/tools', { upstream, q: name })).filter((tool) => tool.name === name)
  if (found.length === 1) return found[0]!
  const detail =
    found.length === 0
      ? `There is no tool "${meant}". \`sluice tools list\` shows what there is.`
      : `Several upstreams have a tool "${name}". Say which: ${found.map((tool) => `${tool.upstream}/${name}`).join(', ')}`
  throw new ApiProblem({ code: 'not-found', status: 404, detail })
}
