interface Compiler {
  readonly prototype: { compile: (this: { opts?: { code?: { optimize?: number } } }, schema: unknown) => object }
}

/**
 * Makes a validator's compiler of schemas tell what it throws, and what its compiled schemas throw: Prism catches it and takes the
 * request for right, so that nobody would know that there was no verdict. What says the same is compiled once: operations of one
 * document share most of their schemas, but Prism makes each anew.
 */
export function watchCompiler({ prototype }: Compiler, tell: (fault: string) => void): void {
  const known = new WeakMap<object, Map<string, object>>()
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
    // Its code runs a few times: to make it better takes longer than it saves.
    if (this.opts?.code) this.opts.code.optimize = 0
    const own = known.get(this) ?? new Map<string, object>()
    known.set(this, own)
    const text = JSON.stringify(schema, (key, value: unknown) => (SAYS_NOTHING.has(key) ? undefined : value))
    const check = own.get(text) ?? watched(() => compile.call(this, schema))
    own.set(text, check)
    return new Proxy(check, {
      apply: (target, self, args) => watched(() => Reflect.apply(target as () => unknown, self, args)),
    })
  }
}

/** What Prism's loader writes into schemas, with numbers of its own. */
const SAYS_NOTHING = new Set(['x-stoplight'])
