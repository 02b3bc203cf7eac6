import type { ArgumentEdit, ToolDetail } from '@sluice/contract'
import { type AdminApi, at } from '../admin-api.ts'
import { cacheTime } from '../cache-time.ts'
import { changesOf, command, given, pairOf, several, UsageFault } from '../command.ts'
import { withGateway } from '../connect.ts'
import { parseExactly } from '../exact-json.ts'
import { findTool } from '../find-tool.ts'
import { answer } from '../print.ts'
import { readText } from '../read-document.ts'
import { jsonText } from './call.ts'
import { hintEdits, isOn } from './hint-edits.ts'
import { findSecret } from './secret.ts'
import { stepEdits, withStepOptions } from './step-edits.ts'
import { toolText } from './tool-text.ts'

export function editToolCommand() {
  return edited(
    command('edit', 'rename or describe a tool; hide, fix or describe its arguments; keep its answers', [
      'sluice tools edit list_books --name find_books --title "Find books"',
      'sluice tools edit list_books --fix language=en --hide debug',
      'sluice tools edit list_books --fix-secret tenant="tenant id"',
      `sluice tools edit list_books --response-filter 'items[].{id: id, title: title}'`,
      'sluice tools edit list_books --response-interceptor trim.js --redact email --redact "**.ssn"',
      'sluice tools edit list_books --cache 10m',
      'sluice tools edit get_book --resource shop://books/{book_id}',
      'sluice tools edit list_books --reset language --reset title',
    ]),
  )
    .argument('<tool>', 'name, upstream/name or id')
    .option('--name <name>', 'what agents call it')
    .option(
      '--reset <what>',
      'an argument, or title, description, tags, response-filter, hints: as the document says',
      several,
    )
    .action(async (meant, options) => {
      changesOf(options)
      const plain = plainEdits(options)
      const typed = typedEdits(options)
      await withGateway(async (api) => {
        const { id } = await findTool(api, meant)
        const edits = await argumentEdits(api, typed)
        const tool = await api.update<ToolDetail>(at`/tools/${id}`, (current) => ({
          ...plain,
          ...given({ name: options.name }),
          ...resets(options.reset),
          ...editedArguments(current.arguments, edits, options.reset),
          ...stepEdits(current.steps, options),
          ...hintEdits(current.annotations, options.hint),
        }))
        answer(options, tool, () => toolText(tool))
      })
    })
}

export function createToolCommand() {
  return edited(
    command('create', 'make a tool by hand, or a further one on an operation', [
      'sluice tools create add_note --upstream shop --method POST --path /orders/{id}/notes --sample note.json',
      'sluice tools create list_english_books --operation op_01k… --fix language=en',
    ]),
  )
    .argument('<name>', 'what agents call it')
    .option('--operation <id>', 'a stored operation; `sluice tools show --json` says it')
    .option('--upstream <slug>', 'whose API has it')
    .option('--method <method>', 'its HTTP method')
    .option('--path <path>', 'below the base URL; {name} is an argument')
    .option('--query <name>', 'an argument of the query', several)
    .option('--sample <file>', 'a JSON body to infer the arguments from')
    .option('--body-schema <file>', 'the JSON Schema of the body')
    .action(async (name, options) => {
      const plain = plainEdits(options)
      const typed = typedEdits(options)
      const made = source(options)
      await withGateway(async (api) => {
        const edits = await argumentEdits(api, typed)
        const tool = await api.request<ToolDetail>('POST', '/tools', {
          name,
          ...plain,
          ...(Object.keys(edits).length > 0 ? { arguments: edits } : {}),
          ...stepEdits({}, options),
          ...hintEdits(null, options.hint),
          ...made,
        })
        answer(options, tool, () => toolText(tool))
      })
    })
}

/** What is edited of a tool, new or old. */
function edited(base: ReturnType<typeof command>) {
  return withStepOptions(base)
    .option('--title <text>', 'what people read')
    .option('--description <text>', 'what the model reads')
    .option('--tag <tag>', 'a tag, in place of those it has', several)
    .option('--response-filter <jmespath>', 'what is kept of an answer; none: all')
    .option('--cache <time>', 'how long its answers are served again: 45s, 10m, 2h or 1d at most; off: never')
    .option('--projection <when>', 'whether agents may pick from its answers: auto, always or never')
    .option('--structured-content <on|off>', 'whether answers come as values too, with an output schema')
    .option(
      '--hint <hint=on|off>',
      'tell agents that it is read-only, destructive, idempotent or open-world, or not',
      several,
    )
    .option('--resource [uri|off]', 'let clients read it as a resource too, by a URI of its path or by this one')
    .option('--hide <argument>', 'never send an argument', several)
    .option('--fix <argument=json>', 'send this value with every call; the model neither sees nor sets it', several)
    .option('--fix-secret <argument=secret>', 'the same with a secret, by its name', several)
    .option('--describe <argument=text>', 'tell the model in these words', several)
}

interface Edits {
  readonly title?: string
  readonly description?: string
  readonly tag?: readonly string[]
  readonly responseFilter?: string
  readonly cache?: string
  readonly projection?: string
  readonly structuredContent?: string
  readonly hint?: readonly string[]
  readonly resource?: string | true
  readonly hide?: readonly string[]
  readonly fix?: readonly string[]
  readonly fixSecret?: readonly string[]
  readonly describe?: readonly string[]
}

/** @throws UsageFault */
function plainEdits(edits: Edits) {
  const { title, description, tag, responseFilter, cache, projection, structuredContent, resource } = edits
  return given({
    title,
    description,
    tags: tag,
    responseFilter: responseFilter === 'none' ? null : responseFilter,
    cache: cache === undefined ? undefined : cacheTime(cache),
    projection,
    structuredContent: structuredContent === undefined ? undefined : isOn(structuredContent, '--structured-content'),
    resource: resource === undefined ? undefined : resourceOf(resource),
  })
}

function resourceOf(asked: string | true): { uri?: string } | null {
  if (asked === 'off') return null
  return asked === true ? {} : { uri: asked }
}

/** An edit as it was typed: a secret by its name. */
type TypedEdit = ArgumentEdit | { readonly secretNamed: string }

/** @throws UsageFault */
function typedEdits({ hide = [], fix = [], fixSecret = [], describe = [] }: Edits): Array<[string, TypedEdit]> {
  const each = (texts: readonly string[], option: string, edit: (value: string) => TypedEdit) =>
    texts.map((text): [string, TypedEdit] => {
      const [name, value] = pairOf(text, option)
      return [name, edit(value)]
    })
  return [
    ...hide.map((name): [string, TypedEdit] => [name, { hidden: true }]),
    ...each(fix, '--fix', (value) => ({ value: jsonOrText(value) })),
    ...each(describe, '--describe', (description) => ({ description })),
    ...each(fixSecret, '--fix-secret', (secretNamed) => ({ secretNamed })),
  ]
}

async function argumentEdits(
  api: AdminApi,
  typed: ReadonlyArray<readonly [string, TypedEdit]>,
): Promise<Record<string, ArgumentEdit>> {
  const edits: Record<string, ArgumentEdit> = {}
  for (const [name, edit] of typed)
    edits[name] = 'secretNamed' in edit ? { secret: (await findSecret(api, edit.secretNamed)).id } : edit
  return edits
}

/** JSON where it is some, else the text itself. */
function jsonOrText(text: string): unknown {
  try {
    return parseExactly(text)
  } catch {
    return text
  }
}

const RESETTABLE = {
  title: 'title',
  description: 'description',
  tags: 'tags',
  'response-filter': 'responseFilter',
  hints: 'annotations',
} as const

/** What goes back to how the document says it. */
function resets(what: readonly string[] = []): Record<string, null> {
  const fields = what.filter((name) => Object.hasOwn(RESETTABLE, name)) as Array<keyof typeof RESETTABLE>
  return Object.fromEntries(fields.map((name) => [RESETTABLE[name], null]))
}

/** The edits there were, the new ones over them, without those that are reset; nothing where they stay as they are. */
function editedArguments(
  before: Record<string, ArgumentEdit>,
  edits: Record<string, ArgumentEdit>,
  what: readonly string[] = [],
): { arguments?: Record<string, ArgumentEdit> } {
  const dropped = what.filter((name) => !Object.hasOwn(RESETTABLE, name))
  const unknown = dropped.find((name) => !Object.hasOwn(before, name))
  if (unknown) throw new UsageFault(`The argument "${unknown}" was not edited, so there is nothing to reset.`)
  if (dropped.length + Object.keys(edits).length === 0) return {}
  const all = Object.entries({ ...before, ...edits })
  return { arguments: Object.fromEntries(all.filter(([name]) => !dropped.includes(name))) }
}

interface Source {
  readonly operation?: string
  readonly upstream?: string
  readonly method?: string
  readonly path?: string
  readonly query?: readonly string[]
  readonly sample?: string
  readonly bodySchema?: string
}

function source({ operation, upstream, method, path, query, sample, bodySchema }: Source): object {
  if (operation) return { operation: { id: operation } }
  if (!upstream || !method || !path) throw new UsageFault('Say --upstream, --method and --path, or --operation.')
  return {
    manual: {
      upstream,
      method: method.toUpperCase(),
      path,
      ...given({ parameters: query?.map((name) => ({ name, in: 'query' })) }),
      ...given({ sampleBody: jsonFile(sample), body: jsonFile(bodySchema) }),
    },
  }
}

function jsonFile(path: string | undefined): unknown {
  return path === undefined ? undefined : parseExactly(jsonText(readText(path), path))
}
