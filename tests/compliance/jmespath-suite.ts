import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT, run } from '../support/spawned.ts'

/** A case of JMESPath's compliance suite: what an expression selects, or that it is refused. */
export interface SuiteCase {
  readonly file: string
  readonly expression: string
  readonly given: unknown
  readonly result?: unknown
  readonly error?: string
}

/** The last release of the library that brought the suite along; the suite is no part of this repository. */
const PACKAGE = 'jmespath@0.15.0'
const INTEGRITY = 'sha512-+kHj8HXArPfpPEKGLZ+kB5ONRTCiGQXo8RQYL0hH8t6pWXUBBK5KkkQmTNOwKK4LEsd0yTsgtjJVm4UBSZea4w=='
const CACHE = join(ROOT, 'node_modules', '.cache')
const FOLDER = join(CACHE, 'jmespath-suite', 'package', 'test', 'compliance')

/**
 * All cases, of the folder that `TEST_JMESPATH_SUITE` names (github.com/jmespath/jmespath.test has newer ones in `tests`), or
 * else as npm has them: fetched once. A text says why there are none.
 */
export async function jmespathSuite(): Promise<SuiteCase[] | string> {
  const named = process.env.TEST_JMESPATH_SUITE
  if (named) return casesIn(named)
  const problem = existsSync(FOLDER) ? undefined : await fetchSuite()
  return problem ?? casesIn(FOLDER)
}

async function fetchSuite(): Promise<string | undefined> {
  mkdirSync(CACHE, { recursive: true })
  const folder = mkdtempSync(join(CACHE, 'fetching-'))
  try {
    const packed = await run('npm', ['pack', PACKAGE, '--pack-destination', folder, '--silent'], { cwd: folder })
    const [archive] = readdirSync(folder)
    if (packed.code !== 0 || archive === undefined) return `npm pack ${PACKAGE} did not succeed: ${packed.stderr}`
    const got = createHash('sha512')
      .update(readFileSync(join(folder, archive)))
      .digest('base64')
    if (`sha512-${got}` !== INTEGRITY) return `${PACKAGE} is not what it was: sha512-${got}`
    const { code, stderr } = await run('tar', ['xzf', archive], { cwd: folder })
    if (code !== 0) return `${archive} could not be unpacked: ${stderr}`
    renameSync(folder, join(CACHE, 'jmespath-suite'))
    return undefined
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function casesIn(folder: string): SuiteCase[] {
  type Suite = { given: unknown; cases: Array<Omit<SuiteCase, 'file' | 'given'> & { bench?: string }> }
  return readdirSync(folder)
    .filter((file) => file.endsWith('.json'))
    .flatMap((file) =>
      (JSON.parse(readFileSync(join(folder, file), 'utf8')) as Suite[]).flatMap(({ given, cases }) =>
        cases.filter(({ bench }) => bench === undefined).map((one) => ({ ...one, file, given })),
      ),
    )
}
