import type { ApplyReport } from '@sluice/contract'
import type { WorkspaceRows } from '@sluice/store'
import { shellWord } from './shell-word.ts'

/** Secrets that are only named so far, and how each is set. */
export function secretsToSet(rows: WorkspaceRows): ApplyReport['toSet'] {
  const slugs = new Map(rows.upstreams.map(({ id, slug }) => [id, slug]))
  return [
    ...rows.credentials
      .filter(({ isUnset }) => isUnset)
      .map(({ upstreamId, scheme }) => {
        const slug = slugs.get(upstreamId)!
        const fix = `sluice credential set ${slug} ${shellWord(scheme)}`
        return { kind: 'credential' as const, name: `${slug}/${scheme}`, fix }
      }),
    ...rows.secrets
      .filter(({ isUnset }) => isUnset)
      .map(({ name }) => ({ kind: 'secret' as const, name, fix: `sluice secret set ${shellWord(name)}` })),
    ...rows.upstreams
      .filter(({ isFetchUnset }) => isFetchUnset)
      .map(({ slug, refreshUrl }) => {
        const fix = `sluice import ${shellWord(refreshUrl ?? 'URL')} --upstream ${slug} --fetch-headers FILE`
        return { kind: 'fetch headers' as const, name: slug, fix }
      }),
  ]
}
