import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { stepsOf } from './support/follow-page.ts'
import { ROOT } from './support/spawned.ts'

// What holds for every page under `docs`.

/** Pages whose commands other tests run, with other values. */
const RUN_ELSEWHERE: Readonly<Record<string, string>> = {
  // Several processes, and two gateways behind the proxy of compose.
  'docs/how-to/serve-more-load.md': 'journeys/workers.test.ts',
  'docs/how-to/trust-an-authority.md': 'journeys/real-upstreams.test.ts',
}

const PAGES = readdirSync(join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.md'))
  .map((name) => `docs/${name}`)

const textOf = (page: string) => readFileSync(join(ROOT, page), 'utf8')

test('each page that shows commands has a test that runs them', () => {
  const tests = ['docs.test.ts', 'pages.test.ts', 'operating-docs.test.ts'].map((name) => textOf(`tests/${name}`))
  const untested = PAGES.filter((page) => {
    const elsewhere = RUN_ELSEWHERE[page]
    if (elsewhere !== undefined) return !existsSync(join(ROOT, 'tests', elsewhere))
    return textOf(page).includes('```sh') && !tests.some((text) => text.includes(`'${page}'`))
  })
  expect(untested).toEqual([])
})

test('no block of commands is overlooked where pages are followed', () => {
  const overlooked = PAGES.filter((page) => {
    const blocks = textOf(page).match(/^```sh$/gm) ?? []
    return stepsOf(page).filter(({ kind }) => kind === 'commands').length !== blocks.length
  })
  expect(overlooked).toEqual([])
})

test('links lead to files and headings that are there', () => {
  const pages = ['README.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md', 'docs/llms.txt', ...PAGES]
  const broken = pages.flatMap((page) =>
    [...textOf(page).matchAll(/\]\(([^)\s]+)\)/g)]
      .map(([, link]) => link!)
      .filter((link) => !/^(?:https?|mailto):/.test(link) && !isThere(page, link))
      .map((link) => `${page}: ${link}`),
  )
  expect(broken).toEqual([])
})

function isThere(page: string, link: string): boolean {
  const [path = '', heading] = link.split('#')
  const file = path === '' ? page : join(dirname(page), path)
  if (!existsSync(join(ROOT, file))) return false
  if (heading === undefined) return true
  return [...textOf(file).matchAll(/^#+ (.*)$/gm)].some(([, title]) => anchorOf(title!) === heading)
}

/** As GitHub makes it. */
function anchorOf(title: string): string {
  return title
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
    .replaceAll(' ', '-')
}
