import {
  type BundleIssuer,
  type BundleIssuers,
  type BundleRule,
  type IssuerRule,
  SIGNATURE_ALGORITHMS,
} from '@sluice/contract'
import { canonicalJson } from '@sluice/schema'
import type { WorkspaceRows } from '@sluice/store'
import { type Applying, rowsNow } from './applying.ts'
import { BundleFaults } from './bundle-faults.ts'
import { namedRule } from './bundle-values.ts'
import { changedFields } from './changed-fields.ts'
import { plainRule } from './plain-forms.ts'

/** An issuer's tokens open servers, so whoever brings one must be trusted (S32). */
export async function applyIssuers(applying: Applying): Promise<void> {
  const wanted = wantedIssuers(applying)
  if (wanted.length === 0) return
  if (!applying.trust) {
    const names = wanted.map(({ name }) => name).join(', ')
    applying.notes.push(`Issuers were left out, since their tokens open servers: ${names}.`)
    return
  }
  for (const [index, issuer] of wanted.entries()) await applyIssuer(applying, issuer, index)
}

export function wantedIssuers({ bundle }: Pick<Applying, 'bundle'>): readonly BundleIssuer[] {
  return (bundle.values.get('issuers.yaml') as BundleIssuers | undefined)?.issuers ?? []
}

/** The one here: a server takes tokens of an issuer by one of these alone, so issuer and a server tell which. */
export function issuerHere(wanted: BundleIssuer, rows: WorkspaceRows): WorkspaceRows['issuers'][number] | undefined {
  const slugs = new Map(rows.servers.map(({ id, slug }) => [id, slug]))
  const same = rows.issuers.filter(({ issuer }) => issuer === wanted.issuer)
  const shares = same.find(({ serverIds }) => serverIds.some((id) => wanted.servers.includes(slugs.get(id)!)))
  return shares ?? same.find(({ name }) => name === wanted.name)
}

async function applyIssuer(applying: Applying, wanted: BundleIssuer, index: number): Promise<void> {
  const { perform, bundle } = applying
  const rows = await rowsNow(applying)
  const place = { path: 'issuers.yaml', pointer: `/issuers/${index}` }
  const { name, issuer, servers, jwksUri = null, audiences = [], allow = [] } = wanted
  const { algorithms = [...SIGNATURE_ALGORITHMS] } = wanted
  const faults = new BundleFaults(bundle.texts)
  const here = issuerHere(wanted, rows)
  const rules = (wanted.rules ?? []).map((rule, at) => ruleHere(rule) ?? ruleOf(rule, at))
  faults.refuse()
  const body = { name, issuer, servers, jwksUri, audiences, algorithms, rules, allow }
  if (!here) {
    await perform('create_issuer', { body, place })
    return
  }
  const slugs = rows.servers.filter(({ id }) => here.serverIds.includes(id)).map(({ slug }) => slug)
  const now = { ...here, audiences: here.audiences.toSorted(), servers: slugs.toSorted() }
  const change = changedFields(now, body)
  if (change) await perform('update_issuer', { params: { id: here.id }, body: change, place })

  /** As it is stored, with the tools whose operations are gone and may come back. */
  function ruleHere(rule: BundleRule): IssuerRule | undefined {
    return here?.rules.find((stored) => canonicalJson(plainRule(namedRule(rows, stored))) === canonicalJson(rule))
  }

  function ruleOf(rule: BundleRule, at: number): object {
    if (!rule.rights?.tools) return rule
    const upstreams = new Map(rows.upstreams.map(({ id, slug }) => [id, slug]))
    const ids = new Map(rows.tools.map((tool) => [`${upstreams.get(tool.upstreamId)}/${tool.name}`, tool.id]))
    const tools = rule.rights.tools.map((one, nth) => {
      const id = ids.get(one)
      if (!id) faults.add(place.path, `${place.pointer}/rules/${at}/rights/tools/${nth}`, `There is no tool "${one}".`)
      return id ?? one
    })
    return { ...rule, rights: { ...rule.rights, tools } }
  }
}
