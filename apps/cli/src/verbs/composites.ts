import { extname } from 'node:path'
import type { Composite, CompositeTestReport } from '@sluice/contract'
import { at } from '../admin-api.ts'
import { command, Ended, given, group } from '../command.ts'
import { withGateway } from '../connect.ts'
import { parseExactly } from '../exact-json.ts'
import { answer, count, fields, listing, safeLines } from '../print.ts'
import { readText } from '../read-document.ts'
import { jsonText } from './call.ts'

export function compositeCommands() {
  return group('composites', 'tools made of several calls: code that is kept on a server', [
    list(),
    show(),
    set(),
    test(),
    remove(),
  ])
}

function list() {
  return command('list', 'list the composites of a server', ['sluice composites list support'])
    .argument('<server>')
    .action(async (server, options) => {
      const items = await withGateway((api) => api.list<Composite>(at`/servers/${server}/composites`))
      const rows = items.map(({ name, description, enabled, readOnly, tests }) => {
        const state = enabled ? (readOnly ? 'reads' : 'may write') : 'disabled'
        return [name, state, count(tests.length, 'test'), description.split('\n')[0]!]
      })
      const nothing = `It has none: sluice composites set ${server} <name> <file>`
      answer(options, { items }, () => listing(rows, ['COMPOSITE', 'STATE', 'TESTS', 'DESCRIPTION'], nothing))
    })
}

function show() {
  return command('show', 'say what a composite takes and does', ['sluice composites show support titles_by_author'])
    .argument('<server>')
    .argument('<composite>', 'its name')
    .action(async (server, name, options) => {
      const composite = await withGateway((api) =>
        api.request<Composite>('GET', at`/servers/${server}/composites/${name}`),
      )
      answer(options, composite, () => compositeText(composite))
    })
}

function set() {
  return command('set', 'keep a piece of code as a tool of a server; its tests are run first', [
    'sluice composites set support titles_by_author titles.json',
    'sluice composites set support titles_by_author titles.ts --about titles.json',
  ])
    .argument('<server>')
    .argument('<name>', 'as the model calls it')
    .argument('<file>', 'JSON with description, inputSchema, code and tests; or the code alone')
    .option('--about <file>', 'JSON with the rest, where the file is code')
    .option('--description <text>', 'what the model reads, where there is no JSON')
    .option('--read-only', 'its code may call only tools that change nothing')
    .action(async (server, name, file, options) => {
      const body = bodyOf(file, options.about, given({ description: options.description, readOnly: options.readOnly }))
      const composite = await withGateway((api) =>
        api.request<Composite>('PUT', at`/servers/${server}/composites/${name}`, body),
      )
      answer(options, composite, () => `${composite.name} is kept; ${count(composite.tests.length, 'test')} passed.`)
    })
}

function test() {
  return command('test', 'run the tests of a composite; nothing is called', [
    'sluice composites test support titles_by_author',
  ])
    .argument('<server>')
    .argument('<composite>', 'its name')
    .action(async (server, name, options) => {
      const report = await withGateway((api) =>
        api.request<CompositeTestReport>('POST', at`/servers/${server}/composites/${name}/test`),
      )
      answer(options, report, () => reportText(report))
      if (report.failed > 0) throw new Ended(1)
    })
}

function remove() {
  return command('remove', 'delete a composite', ['sluice composites remove support titles_by_author'])
    .argument('<server>')
    .argument('<composite>', 'its name')
    .action(async (server, name, options) => {
      await withGateway((api) => api.request<undefined>('DELETE', at`/servers/${server}/composites/${name}`))
      answer(options, { removed: name }, () => `${name} is gone.`)
    })
}

function bodyOf(file: string, about: string | undefined, more: object): object {
  if (extname(file) === '.json') return { ...readJson(file), ...more }
  return { ...(about ? readJson(about) : {}), code: readText(file), ...more }
}

function readJson(file: string): object {
  return parseExactly(jsonText(readText(file), file)) as object
}

function compositeText({ name, description, enabled, readOnly, pinned, tags, inputSchema, code, tests }: Composite) {
  const about = {
    composite: name,
    description,
    state: enabled ? 'enabled' : 'disabled',
    'may call': readOnly ? 'tools that change nothing' : 'all',
    listed: pinned ? 'always' : 'where tools are listed',
    tags: tags.join(', ') || null,
    takes: JSON.stringify(inputSchema),
    tests: String(tests.length),
  }
  return `${fields(about)}\n\n${safeLines(code)}`
}

function reportText({ passed, failed, tests }: CompositeTestReport): string {
  const lines = tests.map((one) => (one.passed ? `ok      ${one.name}` : `FAILED  ${one.why}`))
  return safeLines([...lines, `${passed} passed, ${failed} failed`].join('\n'))
}
