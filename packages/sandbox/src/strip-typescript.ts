import { stripTypeScriptTypes } from 'node:module'
import { readFault, type SourceFault, type StripTypes } from './compile-interceptor.ts'

/**
 * Takes the types from TypeScript with Node's own parser, a WebAssembly module that text which is nested some thousand
 * levels deep breaks for the whole thread: later calls fail as well, and so does loading TypeScript. So this is for
 * threads and processes that nobody else needs.
 *
 * @throws Error when it is broken.
 */
export const stripTypeScript: StripTypes = (text) => {
  try {
    return { text: stripTypeScriptTypes(text, { mode: 'strip' }) }
  } catch (error) {
    if (!SYNTAX.has((error as NodeJS.ErrnoException).code ?? '')) throw error
    return { fault: readFault(error as Error) }
  }
}

const SYNTAX: ReadonlySet<string> = new Set(['ERR_INVALID_TYPESCRIPT_SYNTAX', 'ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX'])

/** What to say of text that broke it. */
export const TOO_DEEP: SourceFault = { message: 'Nested too deeply for TypeScript', line: 1, column: 1 }
