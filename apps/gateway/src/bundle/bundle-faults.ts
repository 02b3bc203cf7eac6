import { Problem, type ProblemError } from '@sluice/contract'
import { locate } from '@sluice/openapi'

const MOST_FAULTS = 100

/** What is wrong with a bundle, collected: a person mends it at once. */
export class BundleFaults {
  readonly #texts: ReadonlyMap<string, string>
  readonly #errors: ProblemError[] = []

  constructor(texts: ReadonlyMap<string, string>) {
    this.#texts = texts
  }

  add(path: string, pointer: string, detail: string, fix?: string): void {
    this.#errors.push(bundleFault(this.#texts, { path, pointer }, { detail, ...(fix ? { fix } : {}) }))
  }

  /** @throws Problem `invalid-request` */
  refuse(): void {
    const errors = this.#errors.slice(0, MOST_FAULTS)
    if (errors.length > 0) throw new Problem('invalid-request', { detail: errors[0]!.detail, errors })
  }
}

/** Where in a bundle something stands. */
export interface BundlePlace {
  readonly path: string
  /** JSON pointer into the file. */
  readonly pointer: string
}

/** A fault at its place: `pointer` is the file and the pointer into it, and the line is told. */
export function bundleFault(
  texts: ReadonlyMap<string, string>,
  { path, pointer }: BundlePlace,
  { detail, fix }: { readonly detail: string; readonly fix?: string | undefined },
): ProblemError {
  const text = texts.get(path)
  const said = { code: '', severity: 'error' as const, message: '', pointer }
  const [found] = text === undefined || pointer === '' ? [] : locate(text, [said])
  const line = found?.line === undefined ? '' : `:${found.line}`
  return { pointer: `${path}#${pointer}`, detail: `${path}${line}: ${detail}`, ...(fix ? { fix } : {}) }
}
