import { type BundleTool, CreateTool } from '@sluice/contract'
import { pointerTo } from '@sluice/openapi'
import { replaceManual } from '@sluice/store'
import { toolSource } from '../admin/tool-source.ts'
import { checkBody } from '../check-request.ts'
import { type Applying, change } from './applying.ts'
import { atPlace } from './at-place.ts'

/** Makes a manual tool of the bundle. */
export async function makeManual({ perform }: Applying, slug: string, name: string, wanted: BundleTool): Promise<void> {
  const body = manualBody(slug, name, wanted)
  const place = toolPlace(slug, name)
  const made = await perform<{ id: string }>('create_tool', { body: { ...body, enabled: false }, place })
  if (body.name !== name) await perform('update_tool', { params: { id: made.id }, body: { name }, place })
}

/** Makes it call what the bundle says. It goes on being the same tool, on its servers and in the rights of keys. */
export async function changeManual(
  applying: Applying,
  slug: string,
  name: string,
  wanted: BundleTool,
  id: string,
): Promise<void> {
  const { admin, store, imports, bundle } = applying
  await atPlace(bundle.texts, toolPlace(slug, name), async () => {
    const body = checkBody(CreateTool, manualBody(slug, name, wanted)) as CreateTool
    const { source } = await toolSource(admin, body, { store, readSpec: imports.readSpec })
    if (!('derived' in source)) return
    const request = { workspaceId: admin.workspaceId, actor: admin.id, id, source }
    await change(applying, () => replaceManual(store, request))
  })
}

/** Where a tool stands in the bundle. */
export function toolPlace(slug: string, name: string) {
  return { path: `upstreams/${slug}/tools.yaml`, pointer: pointerTo('/tools', name) }
}

/** What the admin API's `create_tool` is told of a manual tool. */
function manualBody(slug: string, name: string, { manual }: BundleTool) {
  const { name: own = name, description, ...operation } = manual!
  return { name: own, manual: { ...operation, upstream: slug }, ...(description ? { description } : {}) }
}
