import type { ParameterStyle } from '@sluice/contract'
import type { Findings } from './findings.ts'
import { pointerTo } from './json-pointer.ts'
import type { DeclaredParameter } from './list-parameters.ts'

interface StyleDeps {
  readonly declaredVersion: string
  readonly findings: Findings
}

/** How a parameter is written: the style it says, or that of its place where it says none or one that has no meaning there. */
export function parameterStyle(
  parameter: DeclaredParameter,
  { declaredVersion, findings }: StyleDeps,
): { style: ParameterStyle; explode: boolean } {
  const { in: place, pointer } = parameter
  // With `content` it has a media type instead.
  const style = parameter.contentType === undefined ? parameter.style : undefined
  const [usual, ...others] = STYLES[place]
  const isFit = style === undefined || [usual, ...others].includes(style as ParameterStyle)
  const written = style === undefined ? usual : isFit || isDelimited(place, style) ? (style as ParameterStyle) : usual
  // Swagger 2.0 has delimiters in every place; what became of them there fits.
  const isSwagger = declaredVersion === '2.0'
  if (!isFit && !(isSwagger && written === style)) {
    const instead =
      written === style ? 'it is written so all the same' : `the parameter is written in the style ${written}`
    const [said, message, fix] = isSwagger
      ? ['collectionFormat', `"multi" is for queries and forms alone; in a ${place} it was read as csv`, 'Take csv.']
      : [
          'style',
          `The style ${JSON.stringify(style)} is not for a ${place}; ${instead}`,
          `Take ${[usual, ...others].join(' or ')}.`,
        ]
    findings.add({ code: 'style-unfit', severity: 'warning', pointer: pointerTo(pointer, said), message, fix })
  }
  return { style: written, explode: parameter.explode ?? explodes(written, style) }
}

/** OpenAPI 3.2.0 4.12.3, the usual one of a place first. */
const STYLES: Record<DeclaredParameter['in'], readonly [ParameterStyle, ...ParameterStyle[]]> = {
  path: ['simple', 'label', 'matrix'],
  query: ['form', 'spaceDelimited', 'pipeDelimited', 'deepObject'],
  header: ['simple'],
  cookie: ['form', 'cookie'],
  querystring: ['form'],
}

/** A list with another delimiter means the same wherever lists can stand. */
function isDelimited(place: string, style: string): boolean {
  return place !== 'cookie' && /^(space|pipe|tab)Delimited$/.test(style)
}

/** OpenAPI 3.1.1 4.8.12.2.2: by default true for form (and cookie), false for the others; what is simple has commas, in a query too. */
function explodes(written: ParameterStyle, said: string | undefined): boolean {
  return said !== 'simple' && ['form', 'cookie', 'deepObject'].includes(written)
}
