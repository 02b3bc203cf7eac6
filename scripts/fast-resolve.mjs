// drizzle-orm's 179 kB package.json would be parsed again for each of its modules by Node 22 and later; resolving its relative imports here saves most of a second at start.
import { registerHooks } from 'node:module'

registerHooks({
  resolve(specifier, context, next) {
    if (specifier.startsWith('.') && context.parentURL?.includes('/node_modules/drizzle-orm/')) {
      return {
        url: new URL(specifier, context.parentURL).href,
        format: specifier.endsWith('.cjs') ? 'commonjs' : 'module',
        shortCircuit: true,
      }
    }
    return next(specifier, context)
  },
})
