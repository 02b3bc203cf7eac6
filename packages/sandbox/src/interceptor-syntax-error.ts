/** A source that is no interceptor. The message is public. */
export class InterceptorSyntaxError extends Error {
  /** 1-based, in the curator's source. */
  readonly line: number
  /** 1-based. */
  readonly column: number

  constructor(message: string, line: number, column: number) {
    super(message)
    this.name = 'InterceptorSyntaxError'
    this.line = line
    this.column = column
  }
}
