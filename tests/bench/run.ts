// `npm run bench`: figures measured in one run. They are no tests: machines are noisy.
import { benchAnswers } from './answers.ts'
import { benchImports } from './imports.ts'
import { benchSandbox } from './sandbox.ts'

const BENCHES: Readonly<Record<string, () => Promise<boolean>>> = {
  answers: benchAnswers,
  imports: benchImports,
  sandbox: benchSandbox,
}

const wanted = process.argv.slice(2)
const unknown = wanted.filter((name) => !Object.hasOwn(BENCHES, name))
if (unknown.length > 0) {
  console.log(`There is no bench ${unknown.join(', ')}; there are ${Object.keys(BENCHES).join(', ')}.`)
  process.exitCode = 2
} else {
  for (const [name, bench] of Object.entries(BENCHES)) {
    if (wanted.length > 0 && !wanted.includes(name)) continue
    console.log(`\n${name}`)
    if (!(await bench())) process.exitCode = 1
  }
}
