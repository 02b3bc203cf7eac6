import { follow, isPlain, type Plain } from '../walk-operations.ts'

/**
 * Moves the one operation of a document to a path whose template names are `p0`, `p1`, …, and renames its parameters alike.
 * A path parameter that is not in the path is left out, and what cannot stand in a path is encoded (RFC 3986 3.3).
 */
export function renameTemplates(document: Record<string, unknown>, cut: string, original: string): string {
  const names = [...new Set([...cut.matchAll(/\{([^{}]+)\}/g)].map((match) => match[1]!))]
  const renamed = new Map(names.map((name, index) => [name, `p${index}`]))
  const path = cut
    .replaceAll(/\{([^{}]+)\}/g, (_whole, name: string) => `{${renamed.get(name)}}`)
    .replaceAll(/["<>\\^`| ]/g, encodeURIComponent)
  const paths = document.paths as Record<string, unknown>
  const item = paths[original] as Record<string, unknown>
  delete paths[original]
  paths[path] = Object.fromEntries(
    Object.entries(item).map(([key, value]) => [key, renameIn(key, value, document, renamed)]),
  )
  return path
}

function renameIn(key: string, value: unknown, document: Plain, renamed: ReadonlyMap<string, string>): unknown {
  if (key === 'parameters') return renameList(value, document, renamed)
  if (!isPlain(value) || !('parameters' in value)) return value
  return { ...value, parameters: renameList(value.parameters, document, renamed) }
}

function renameList(list: unknown, document: Plain, renamed: ReadonlyMap<string, string>): unknown {
  if (!Array.isArray(list)) return undefined
  return list.flatMap((entry) => {
    const parameter = follow(document, entry)
    if (parameter?.in !== 'path') return [entry]
    const name = renamed.get(String(parameter.name))
    return name ? [{ ...parameter, name }] : []
  })
}
