import { Problem } from '@sluice/contract'
import { isObject } from '@sluice/schema'
import { applyOverlay, type RemovedItems } from './apply-overlay.ts'
import type { Findings } from './findings.ts'
import { filesReferredTo, mountFiles, type SpecFiles } from './mount-files.ts'
import { type ReadDocument, readSpec, readTree } from './read-spec.ts'
import { baseOf, baseWithin } from './reference-target.ts'
import { isArchive, type TextFiles, unpackArchive } from './unpack-archive.ts'

/** What an import is made of. */
export interface ImportSource {
  readonly text?: string
  /** As received: a text, or a zip archive of several documents. */
  readonly bytes?: Uint8Array
  /** Where the document came from: relative references and base URLs are resolved against it. */
  readonly url?: string
  /** The path of the document to begin with, in an archive. */
  readonly entry?: string
  /** Texts of other documents, by URL: those that the operator lets references lead to. */
  readonly files?: TextFiles
  /** Why documents that references lead to, and may lead to, could not be fetched, by URL. */
  readonly unfetched?: ReadonlyMap<string, string>
  /** An Overlay 1.0 document that is applied to the one that the import begins with. */
  readonly overlay?: string
}

/** The document to begin with, the texts beside it, and how it is called among them. */
export interface OpenedSource extends Pick<ImportSource, 'url' | 'unfetched' | 'overlay'> {
  readonly id: string
  readonly text: string
  readonly texts: TextFiles
}

/** Of the bytes nothing is kept: those of the largest documents are a tenth of what reading them takes. @throws Problem `spec-unreadable` or `too-large` */
export function openSource(source: ImportSource): OpenedSource {
  const { text: _text, bytes: _bytes, entry: _entry, files = new Map(), ...about } = source
  if (source.bytes && isArchive(source.bytes)) {
    const unpacked = unpackArchive(source.bytes)
    const id = source.entry ?? chooseEntry(unpacked)
    const text = unpacked.get(id)
    if (text === undefined) throw noEntry(`The archive has no file ${JSON.stringify(id)}.`, [...unpacked.keys()])
    return { id, text, texts: new Map([...unpacked, ...files]), ...about }
  }
  const text = source.text ?? decodeText(source.bytes ?? new Uint8Array())
  return { id: source.url ?? 'document', text, texts: files, ...about }
}

/** UTF-8, or what a byte order mark says. */
function decodeText(bytes: Uint8Array): string {
  const encoding =
    bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf-16le' : bytes[0] === 0xfe && bytes[1] === 0xff ? 'utf-16be' : 'utf-8'
  return new TextDecoder(encoding).decode(bytes)
}

/** The one that says it is OpenAPI or Swagger; of several the one that lies highest, then the one with a usual name. */
function chooseEntry(texts: TextFiles): string {
  const candidates = [...texts].filter(([, text]) => ROOT_KEY.test(text)).map(([path]) => path)
  const ranked = candidates.toSorted((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1))
  const [first, second] = ranked
  if (first === undefined)
    throw noEntry('No file of the archive has `openapi` or `swagger` at its root.', [...texts.keys()])
  if (second !== undefined && rank(first) === rank(second)) {
    throw noEntry('Several files of the archive could be the document to begin with.', ranked)
  }
  return first
}

// A key of the root stands at the left margin in YAML, first or after other members in JSON.
const ROOT_KEY = /^\s*["']?(openapi|swagger)["']?\s*:\s*["']?[23]\.|^\s*\{[\s\S]{0,2000}?"(openapi|swagger)"\s*:\s*"/m

function rank(path: string): number {
  const depth = path.split('/').length
  return depth * 2 + (/(^|\/)(openapi|swagger|api|index|main|root)\.[a-z]+$/i.test(path) ? 0 : 1)
}

function noEntry(detail: string, files: readonly string[]): Problem {
  const fix = `Say which one with \`entry\`. The files are: ${files.slice(0, 20).join(', ')}${files.length > 20 ? ', …' : ''}.`
  return new Problem('spec-unreadable', { detail, errors: [{ pointer: '/entry', detail, fix }] })
}

/** A document with what an overlay took out of its lists. */
export interface ReadSource extends ReadDocument {
  readonly removed: RemovedItems
}

/**
 * The document as one tree, after its overlay: what its references lead to hangs in it. Documents that nothing leads to are not
 * read.
 * @throws Problem as `readSpec` and `applyOverlay` do
 */
export function readSource(opened: OpenedSource, findings: Findings): ReadSource {
  const { id, text, texts, overlay } = opened
  const read = readSpec(text, findings.add)
  const { document } = read
  const removed = overlay === undefined ? new Map() : applyOverlay(document.root, overlay, findings)
  if (texts.size === 0 && !LEAVES.test(text) && !NAMES.test(text) && !IDS.test(text)) return { ...read, removed }
  const files = readReachable(document.root, opened, findings)
  return { ...read, document: { ...document, root: mountFiles(document.root, id, files) }, removed }
}

/** A reference that does not begin with `#`, in a block of YAML or not: a cheap look that spares most documents a copy. */
const LEAVES = /\$ref["']?\s*:\s*(?:["'][^#"'\s]|(?:[>|][-+\d]*\s+)?[^#"'\s{>|])/

/** A reference to a schema by its name. */
const NAMES = /\$ref["']?\s*:\s*(?:["']|[>|][-+\d]*\s+)?#[^/"'\s]|\$dynamicRef/

/** A schema with a URI of its own, relative to which its references are. */
const IDS = /["'\s{,]\$id["']?\s*:/

function readReachable(root: unknown, { id, texts }: OpenedSource, findings: Findings): SpecFiles {
  const files = new Map<string, unknown>()
  const named = nameBySelf(texts)
  // A set is walked in the order in which it grows.
  const wanted = filesReferredTo(root, id)
  for (const uri of wanted) {
    const name = texts.has(uri) ? uri : named(uri)
    if (name === undefined || name === id || files.has(name)) continue
    const tree = readOther(name, texts.get(name)!, findings)
    files.set(name, tree)
    for (const further of filesReferredTo(tree, name)) wanted.add(further)
  }
  return files
}

/** The names of the texts that call themselves so, by `$self` or, of a schema, `$id`. They are read when one is first asked for. */
function nameBySelf(texts: TextFiles): (uri: string) => string | undefined {
  let names: Map<string, string> | undefined
  return (uri) => {
    names ??= new Map(
      [...texts].flatMap(([name, text]) => {
        const tree = CALLS_ITSELF.test(text) ? quietly(text) : undefined
        return isObject(tree) ? [baseOf(tree, name), baseWithin(tree, name)].map((own) => [own, name] as const) : []
      }),
    )
    return names.get(uri)
  }
}

const CALLS_ITSELF = /["']?\$(self|id)["']?\s*:/

function readOther(name: string, text: string, findings: Findings): unknown {
  try {
    const tree = readTree(text, (found) => findings.add({ ...found, file: name }))
    if (isObject(tree)) return tree
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    findings.add({ code: 'file-unreadable', severity: 'warning', pointer: '', message: `${name}: ${error.detail}` })
    return {}
  }
  findings.add({ code: 'file-unreadable', severity: 'warning', pointer: '', message: `${name} holds no object` })
  return {}
}

/** The URLs that references lead to and that are not at hand: what the gateway may be allowed to fetch (B15). */
export function missingUrls(source: ImportSource): string[] {
  const { id, text, texts } = openSource(source)
  if (!LEAVES.test(text) && texts.size === 0) return []
  const seen = new Set<string>()
  const queue: Array<readonly [string, string]> = [[id, text]]
  for (const [name, content] of queue) {
    for (const found of filesReferredTo(quietly(content), name)) {
      if (seen.has(found)) continue
      seen.add(found)
      const known = texts.get(found)
      if (known !== undefined) queue.push([found, known])
    }
  }
  return [...seen].filter((name) => /^https?:\/\//i.test(name) && name !== id && !texts.has(name))
}

function quietly(text: string): unknown {
  try {
    return readTree(text)
  } catch {
    return undefined
  }
}
