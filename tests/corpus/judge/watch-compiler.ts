interface Compiler {
  readonly prototype: { compile: (this: unknown, schema: unknown) => object }
}

/**
 * Makes a validator's compiler of schemas tell what it throws, and what its compiled schemas throw: Prism catches it and takes the
 * request for right, so that nobody would know that there was no verdict.
 */
export function watchCompiler({ prototype }: Compiler, tell: (fault: string) => void): void {
  const { compile } = prototype
  const watched = <Result>(run: () => Result): Result => {
    try {
      return run()
    } catch (error) {
      tell(error instanceof Error ? error.message : String(error))
      throw error
    }
  }
  prototype.compile = function compileWatched(schema) {
    const check = watched(() => compile.call(this, schema))
    return new Proxy(check, {
      apply: (target, self, args) => watched(() => Reflect.apply(target as () => unknown, self, args)),
    })
  }
}
