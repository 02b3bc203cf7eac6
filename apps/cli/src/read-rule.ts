import type { IssuerRule } from '@sluice/contract'
import type { AdminApi } from './admin-api.ts'
import { pairOf, UsageFault } from './command.ts'
import { findTool } from './find-tool.ts'

/** A rule of an issuer as `--rule` has it: words such as `scope=orders:read tag=orders read-only`. @throws UsageFault */
export async function readRule(api: AdminApi, text: string): Promise<IssuerRule> {
  const rule: IssuerRule = {}
  const rights: NonNullable<IssuerRule['rights']> = {}
  for (const word of text.split(/\s+/).filter(Boolean)) {
    if (word === 'read-only') rights.readOnly = true
    else if (word === 'no-tools') rights.tools = []
    else {
      const [kind, value] = pairOf(word, '--rule')
      if (kind === 'scope') rule.scope = value
      else if (kind === 'claim') rule.claim = claimOf(value)
      else if (kind === 'tag') rights.tags = [...(rights.tags ?? []), value]
      else if (kind === 'tool') rights.tools = [...(rights.tools ?? []), (await findTool(api, value)).id]
      else throw new UsageFault(`--rule knows scope=, claim=, tool=, tag=, no-tools and read-only, and no "${kind}=".`)
    }
  }
  return Object.keys(rights).length > 0 ? { ...rule, rights } : rule
}

/** A name may be a URL; a value has no `=` in it here. */
function claimOf(text: string): NonNullable<IssuerRule['claim']> {
  const at = text.lastIndexOf('=')
  if (at < 1) throw new UsageFault(`A claim is claim=NAME=VALUE, not "claim=${text}".`)
  return { name: text.slice(0, at), value: text.slice(at + 1) }
}

/** The rule in the words of `readRule`. */
export function ruleText({ scope, claim, rights = {} }: IssuerRule): string {
  const words = [
    ...(scope === undefined ? [] : [`scope=${scope}`]),
    ...(claim === undefined ? [] : [`claim=${claim.name}=${claim.value}`]),
    ...(rights.tools?.length === 0 ? ['no-tools'] : []),
    ...(rights.tools ?? []).map((tool) => `tool=${tool}`),
    ...(rights.tags ?? []).map((tag) => `tag=${tag}`),
    ...(rights.readOnly ? ['read-only'] : []),
  ]
  return words.join(' ') || 'every token'
}
