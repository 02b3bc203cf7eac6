import type { Resource, ResourceTemplateType } from '@modelcontextprotocol/server'
import type { ListedResource } from '@sluice/contract'

/** A resource as `resources/list` shows it. */
export function encodeResource({ name, uri, title, description, mimeType }: ListedResource): Resource {
  return { uri, name, ...given({ title, description, mimeType }) }
}

/** A template as `resources/templates/list` shows it. */
export function encodeTemplate({ name, uri, title, description, mimeType }: ListedResource): ResourceTemplateType {
  return { uriTemplate: uri, name, ...given({ title, description, mimeType }) }
}

export function isTemplate({ uri }: ListedResource): boolean {
  return uri.includes('{')
}

function given(about: Record<string, string | undefined>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(about).filter((entry): entry is [string, string] => entry[1] !== undefined && entry[1] !== ''),
  )
}
