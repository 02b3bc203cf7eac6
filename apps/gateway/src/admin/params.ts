import { Id, Slug } from '@sluice/contract'
import { Type } from 'typebox'

// What stands in the paths of the admin API.
export const ById = Type.Object({ id: Id })
export const ByUpstream = Type.Object({ upstream: Slug })
export const ByServer = Type.Object({ server: Slug })
export const ByServerTool = Type.Object({ server: Slug, tool: Id })
export const ByVersion = Type.Object({ id: Id, version: Id })
export const ByScheme = Type.Object({
  upstream: Slug,
  scheme: Type.String({ minLength: 1, maxLength: 200, description: 'Name of the security scheme.' }),
})
