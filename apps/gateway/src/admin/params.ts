import { Id, OfferName, Slug, ToolName } from '@sluice/contract'
import { Type } from 'typebox'

const FORM = (Slug as { readonly description?: string }).description

// What stands in the paths of the admin API.
export const ById = {
  accessKey: byId('key', 'access key'),
  adminKey: byId('ak', 'admin key'),
  issuer: byId('iss', 'issuer'),
  operation: byId('op', 'operation'),
  secret: byId('sec', 'secret'),
  specRevision: byId('rev', 'revision'),
  tool: byId('tool', 'tool'),
  workspace: byId('ws', 'workspace'),
} as const
export const ByUpstream = Type.Object({ upstream: slugOf('upstream') })
export const ByServer = Type.Object({ server: slugOf('server') })
export const ByServerTool = Type.Object({ server: slugOf('server'), tool: idOf('tool', 'tool') })
export const ByToolName = Type.Object({ tool: idOf('tool', 'tool') })
export const BySample = Type.Object({ tool: idOf('tool', 'tool'), sample: slugOf('sample') })
export const ByCall = Type.Object({
  call: Type.String({ ...Id, description: 'Id of the call.', examples: ['0b1f6f0e-7c1e-4a55-9d1c-3c5a2c0f4e11'] }),
})
export const ByResource = Type.Object({ server: slugOf('server'), resource: offerOf('resource', 'returns_policy') })
export const ByComposite = Type.Object({
  server: slugOf('server'),
  composite: Type.String({
    ...ToolName,
    description: 'Name of the composite, as a tool has it.',
    examples: ['titles_by_author'],
  }),
})
export const ByPrompt = Type.Object({ server: slugOf('server'), prompt: offerOf('prompt', 'answer_customer') })
export const ByPromptVersion = Type.Object({
  ...ByPrompt.properties,
  promptVersion: Type.String({ minLength: 1, maxLength: 64, description: 'Its number.', examples: ['1'] }),
})
export const ByVersion = Type.Object({ id: idOf('op', 'operation'), version: idOf('ver', 'version') })
export const ByScheme = Type.Object({
  upstream: slugOf('upstream'),
  scheme: Type.String({
    minLength: 1,
    maxLength: 200,
    description: 'Name of the security scheme.',
    examples: ['shopKey'],
  }),
})

function byId(prefix: string, what: string) {
  return Type.Object({ id: idOf(prefix, what) })
}

function idOf(prefix: string, what: string) {
  return Type.String({ ...Id, description: `Id of the ${what}.`, examples: [`${prefix}_01k9x3v8r6q2m4n7p0s5t8w1yz`] })
}

function slugOf(what: string) {
  return Type.String({ ...Slug, description: `Slug of the ${what}: ${FORM}` })
}

function offerOf(what: string, example: string) {
  const { description: form } = OfferName as { readonly description?: string }
  return Type.String({ ...OfferName, description: `Name of the ${what}: ${form}`, examples: [example] })
}

/** What names a prompt, in the store's words. */
export function promptPlace(
  { workspaceId }: { readonly workspaceId: string },
  { server, prompt }: { readonly server: string; readonly prompt: string },
) {
  return { workspaceId, server, name: prompt }
}
