import {
  BUNDLE_OFFERS,
  type BundleFile,
  BundleHead,
  type BundleIssuer,
  BundleIssuers,
  BundleSecrets,
  BundleServer,
  BundleTools,
  BundleUpstream,
  type JsonSchema,
  OfferName,
  type SetComposite,
  type SetPrompt,
  type SetResource,
  Slug,
} from '@sluice/contract'
import { checkSchema } from '@sluice/schema'
import { documentForm } from '@sluice/store'
import { BundleFaults } from './bundle-faults.ts'
import type { BundleValues } from './bundle-values.ts'
import { hashed } from './bundle-values.ts'
import type { ParsedYaml } from './parse-yaml.ts'
import {
  plainComposite,
  plainIssuer,
  plainPrompt,
  plainResource,
  plainSecrets,
  plainServer,
  plainTools,
  plainUpstream,
} from './plain-forms.ts'
import { parseFiles, readBundleYaml } from './read-bundle-yaml.ts'

/** A bundle that was read and fits its form. */
export interface ReadBundle {
  readonly isWhole: boolean
  readonly values: BundleValues
  /** Of documents and overlays, by their paths among the values. */
  readonly bytes: ReadonlyMap<string, Uint8Array>
  /** The text of each YAML file, to say lines of it. */
  readonly texts: ReadonlyMap<string, string>
}

/** Parses YAML where calls do not wait for it. */
type ParseApart = (files: readonly Uint8Array[]) => Promise<readonly ParsedYaml[]>

/**
 * Reads the files of a bundle. What is no file of one, such as a README, is passed over.
 * @throws Problem `invalid-request` with every fault: its file, its place in it, and the line
 */
export async function readBundle(files: readonly BundleFile[], parseApart: ParseApart): Promise<ReadBundle> {
  const given = new Map(files.map((file) => [file.path, bytesOf(file)]))
  const texts = new Map<string, string>()
  const faults = new BundleFaults(texts)
  const [values, bytes] = [new Map<string, unknown>(), new Map<string, Uint8Array>()]
  const referred = new Set<string>()
  const formed = [...given].flatMap(([path, content]) => {
    const form = formOf(path)
    return form ? [{ path, content, form }] : []
  })
  const parsed = await parseFiles(
    formed.map(({ content }) => content),
    parseApart,
  )
  for (const [at, { path, content, form }] of formed.entries()) {
    texts.set(path, content.toString('utf8'))
    const value = readBundleYaml(path, parsed[at]!, form.schema, faults)
    if (value === undefined) continue
    if (!path.endsWith('/upstream.yaml')) values.set(path, form.plain(value, path))
    else for (const file of addUpstream(path, value as BundleUpstream)) referred.add(file)
  }
  for (const path of given.keys()) if (!texts.has(path) && !referred.has(path)) refuseStray(path, faults)
  refuseIncomplete(values, given, faults)
  faults.refuse()
  return { isWhole: (values.get('sluice.yaml') as BundleHead).of === 'workspace', values, bytes, texts }

  /** Its document and overlay under the names that an export gives them. */
  function addUpstream(path: string, value: BundleUpstream): string[] {
    const folder = path.slice(0, -'/upstream.yaml'.length)
    const take = (name: string, file: string | undefined, pointer: string) => {
      if (file === undefined) return undefined
      const content = given.get(`${folder}/${file}`)
      if (!content) {
        faults.add(path, pointer, `There is no file ${folder}/${file}.`, 'Put it there, or name the one that is.')
        return file
      }
      const plain = `${name}.${documentForm(content)}`
      bytes.set(`${folder}/${plain}`, content)
      values.set(`${folder}/${plain}`, hashed(content))
      return plain
    }
    const { document, ...rest } = value
    const file = take('document', document?.file, '/document/file')
    const overlay = take('overlay', value.overlay, '/overlay')
    const whole = { ...rest, ...(file ? { document: { ...document, file } } : {}), ...(overlay ? { overlay } : {}) }
    values.set(path, plainUpstream(whole))
    return [document?.file, value.overlay].flatMap((one) => (one === undefined ? [] : [`${folder}/${one}`]))
  }
}

interface Form {
  readonly schema: object
  readonly plain: (value: unknown, path: string) => unknown
}

const form = <T>(schema: object, plain: (value: T) => unknown): Form => ({
  schema,
  plain: plain as (value: unknown) => unknown,
})

const FORMS: ReadonlyArray<readonly [RegExp, Form]> = [
  [/^sluice\.yaml$/, form(BundleHead, (value: object) => value)],
  [/^secrets\.yaml$/, form(BundleSecrets, plainSecrets)],
  [/^issuers\.yaml$/, form(BundleIssuers, (value: { issuers: BundleIssuer[] }) => plainIssuers(value.issuers))],
  [/^upstreams\/([^/]+)\/upstream\.yaml$/, form(BundleUpstream, plainUpstream)],
  [
    /^upstreams\/([^/]+)\/tools\.yaml$/,
    form(BundleTools, (value: BundleTools) => ({ tools: plainTools(value.tools) })),
  ],
  [/^servers\/([^/]+)\/server\.yaml$/, form(BundleServer, plainServer)],
  [
    /^servers\/([^/]+)\/resources\/([^/]+)\.yaml$/,
    form(BUNDLE_OFFERS.resources, (one: SetResource) => plainResource(one)),
  ],
  [/^servers\/([^/]+)\/prompts\/([^/]+)\.yaml$/, form(BUNDLE_OFFERS.prompts, (one: SetPrompt) => plainPrompt(one))],
  [
    /^servers\/([^/]+)\/composites\/([^/]+)\.yaml$/,
    form(BUNDLE_OFFERS.composites, (one: SetComposite) => plainComposite(one)),
  ],
]

function formOf(path: string): Form | undefined {
  for (const [pattern, found] of FORMS) {
    const match = pattern.exec(path)
    if (!match) continue
    const [, slug, name] = match
    const isNamed = (slug === undefined || fits(Slug, slug)) && (name === undefined || fits(OfferName, name))
    return isNamed ? found : undefined
  }
  return undefined
}

function fits(schema: object, text: string): boolean {
  return checkSchema(schema as JsonSchema, text).length === 0
}

function plainIssuers(issuers: readonly BundleIssuer[]): object {
  const key = ({ name, issuer, servers }: BundleIssuer) => JSON.stringify([name, issuer, servers])
  return { issuers: issuers.map(plainIssuer).toSorted((a, b) => (key(a) < key(b) ? -1 : 1)) }
}

/** What looks like a file of a bundle and is none is a mistake; whatever else lies beside is not ours. */
function refuseStray(path: string, faults: BundleFaults): void {
  if (!/\.ya?ml$/.test(path) || !/^(upstreams|servers)\//.test(path)) return
  const detail = 'A bundle has no such file, or its name is none that can be given.'
  faults.add(path, '', detail, 'Name it as `sluice export` does, or remove it.')
}

function refuseIncomplete(values: BundleValues, given: ReadonlyMap<string, unknown>, faults: BundleFaults): void {
  if (!given.has('sluice.yaml'))
    faults.add('sluice.yaml', '', 'The bundle has no sluice.yaml.', 'Name the folder of one.')
  for (const path of values.keys()) {
    const [kind, slug, ...rest] = path.split('/')
    const head = `${kind}/${slug}/${kind === 'upstreams' ? 'upstream' : 'server'}.yaml`
    if (rest.length === 0 || given.has(head)) continue
    faults.add(path, '', `There is no ${head} for it.`, 'Add that file, or remove this one.')
  }
}

function bytesOf({ text, base64 }: BundleFile): Buffer {
  return text === undefined ? Buffer.from(base64 ?? '', 'base64') : Buffer.from(text, 'utf8')
}
