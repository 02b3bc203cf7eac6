import type { HeaderList } from './http.ts'
import type { ParameterBinding, QuerystringBinding } from './operations.ts'

/** What of an operation's requests is the same for all of them: worked out once, and read by each call. */
export interface PreparedOperation {
  /** In their order: texts as they stand in the path, and between two of them the name of a parameter. */
  readonly path: readonly string[]
  readonly inPath: readonly ParameterBinding[]
  readonly inQuery: readonly ParameterBinding[]
  readonly inHeaders: readonly ParameterBinding[]
  readonly inCookies: readonly ParameterBinding[]
  readonly querystring?: QuerystringBinding
  /** Sent with each request, before those of its arguments. */
  readonly headers: HeaderList
}
