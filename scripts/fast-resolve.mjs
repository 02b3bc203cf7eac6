// Node 22 and later look for a package.json, and at the disk, for each import of each module, and parse drizzle-orm's 179 kB each time. Where a
// specifier says by itself which file it means and of which format, that is answered here: it saves a second at start.
import { registerHooks } from 'node:module'

const FORMATS = { mjs: 'module', cjs: 'commonjs', ts: 'module-typescript' }
const DRIZZLE = 'drizzle-orm'
/** How `drizzle-orm` and its parts were resolved: of each there is one. */
const resolved = new Map()

registerHooks({
  resolve(specifier, context, next) {
    if (!context.conditions.includes('import')) return next(specifier, context)
    if (specifier.startsWith('.')) {
      const format = formatOf(specifier, context.parentURL ?? '')
      return format
        ? { url: new URL(specifier, context.parentURL).href, format, shortCircuit: true }
        : next(specifier, context)
    }
    if (!specifier.startsWith(DRIZZLE)) return next(specifier, context)
    if (!resolved.has(specifier)) resolved.set(specifier, { ...next(specifier, context), shortCircuit: true })
    return resolved.get(specifier)
  },
})

function formatOf(specifier, parent) {
  const extension = specifier.slice(specifier.lastIndexOf('.') + 1)
  return extension === 'js' && parent.includes(`/node_modules/${DRIZZLE}/`) ? 'module' : FORMATS[extension]
}
