import { isObject } from '@sluice/schema'
import type { Findings } from './findings.ts'
import { pointerTo } from './json-pointer.ts'
import { isMediaType } from './media-type.ts'
import { type Located, resolveObject } from './resolve-object.ts'

/** The media type of a parameter with `content`, and what stands below it. */
export interface ParameterMedia {
  readonly type: string
  readonly media: Record<string, unknown>
  readonly pointer: string
}

interface Place {
  readonly root: Record<string, unknown>
  readonly findings: Findings
}

/** The one media type of a parameter with `content` (OpenAPI 3.1.1 4.8.12.2.3); what is said beside it is told. */
export function parameterMedia(place: Place, { value, pointer }: Located): ParameterMedia | undefined {
  const { content, schema } = value
  if (content === undefined || content === null) return undefined
  const tell = (message: string, fix: string) =>
    place.findings.add({
      code: 'parameter-content',
      severity: 'warning',
      pointer: pointerTo(pointer, 'content'),
      message,
      fix,
    })
  const [entry, ...others] = isObject(content) ? Object.entries(content) : []
  if (!entry) {
    const instead = schema === undefined ? 'any value is taken and written in a style' : '`schema` counts'
    tell(`\`content\` of a parameter names no media type; ${instead}`, 'Name one media type.')
    return undefined
  }
  if (others.length > 0) {
    const left = others.map(([type]) => type).join(', ')
    tell(
      `A parameter has one media type; it is written as ${entry[0]}, and ${left} is left out`,
      'Name one media type.',
    )
  }
  if (schema !== undefined)
    tell('A parameter has `schema` or `content`; `content` counts, and `schema` is left out', 'Leave one of them out.')
  const at = pointerTo(pointer, 'content', entry[0])
  const media = resolveObject(place.root, entry[1], at, place.findings)
  return { type: typeOf(place, entry[0], at), media: media?.value ?? {}, pointer: media?.pointer ?? at }
}

/** What is no media type cannot be one; it is JSON that is meant, as in bodies. */
function typeOf({ findings }: Place, type: string, pointer: string): string {
  if (isMediaType(type)) return type
  const message = `${JSON.stringify(type)} is no media type; the parameter is written as application/json`
  findings.add({ code: 'media-type-invalid', severity: 'warning', pointer, message })
  return 'application/json'
}
