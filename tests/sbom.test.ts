import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { ROOT, run } from './support/spawned.ts'

interface Component {
  readonly purl: string
  readonly licenses?: readonly unknown[]
  readonly hashes?: readonly unknown[]
  readonly properties?: ReadonlyArray<{ readonly name: string; readonly value: string }>
}

test('S75 the bill of materials has each package that runs, with licence and hash, and marks those that do not', async () => {
  const { code, stdout, stderr } = await run('npm', ['run', '-s', 'sbom'], { cwd: ROOT })
  expect([code, stderr]).toEqual([0, ''])
  const { bomFormat, specVersion, components } = JSON.parse(stdout)
  expect([bomFormat, specVersion]).toEqual(['CycloneDX', '1.5'])
  const isForDevelopment = ({ properties = [] }: Component) =>
    properties.some(({ name, value }) => name === 'cdx:npm:package:development' && value === 'true')
  const told = (components as Component[])
    .filter((one) => !isForDevelopment(one) && one.licenses && one.hashes)
    .map(({ purl }) => decodeURIComponent(purl))
  const { packages } = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8'))
  const running = Object.entries<{ version: string; dev?: true; devOptional?: true; link?: true }>(packages)
    .filter(([path, { dev, devOptional, link }]) => /node_modules/.test(path) && !dev && !devOptional && !link)
    .map(([path, { version }]) => `pkg:npm/${path.split('node_modules/').at(-1)}@${version}`)
  expect(running.length).toBeGreaterThan(80)
  expect(running.filter((one) => !told.includes(one))).toEqual([])
  const development = Object.entries<{ version: string; dev?: true }>(packages).filter(([, { dev }]) => dev)
  expect(development.map(([path]) => path).filter((path) => /vitest$/.test(path))).not.toEqual([])
  expect(told.filter((one) => one.startsWith('pkg:npm/vitest@'))).toEqual([])
})
