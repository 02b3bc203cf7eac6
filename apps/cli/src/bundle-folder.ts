import { isUtf8 } from 'node:buffer'
import { existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { BundleFile } from '@sluice/contract'
import { ApiProblem } from './admin-api.ts'
import { filesBelow } from './files-below.ts'
import { readBytes } from './read-document.ts'

/** The files of a bundle's folder; links are not followed, and whatever else people keep beside it stays where it is. */
export function readBundleFolder(folder: string): BundleFile[] {
  if (!lstatSync(join(folder, 'sluice.yaml'), { throwIfNoEntry: false })?.isFile())
    throw new ApiProblem({
      detail: `${folder} is no bundle: it has no sluice.yaml. \`sluice export ${folder}\` writes one.`,
    })
  const paths = pathsIn(folder).filter((path) => /^((sluice|secrets|issuers)\.yaml$|(upstreams|servers)\/)/.test(path))
  return paths.map((path) => {
    const bytes = readBytes(join(folder, path))
    const isText = isUtf8(bytes) && !bytes.includes(0)
    return isText ? { path, text: bytes.toString('utf8') } : { path, base64: bytes.toString('base64') }
  })
}

/**
 * Writes a bundle. Of one that is there already the files that are no longer in it are removed; what people keep beside stays.
 * @throws ApiProblem for a folder that holds other things, a bundle of something else, or links where files go
 */
export function writeBundleFolder(folder: string, files: readonly BundleFile[]): void {
  const head = files.find(isHead)?.text
  const headFile = join(folder, 'sluice.yaml')
  const isBundle = existsSync(headFile)
  if (!isBundle && existsSync(folder) && readdirSync(folder).some((name) => !name.startsWith('.')))
    throw new ApiProblem({ detail: `${folder} is not empty, and no bundle. Name a new folder.` })
  if (isBundle && readFileSync(headFile, 'utf8') !== head)
    throw new ApiProblem({ detail: `${folder} holds a bundle of something else. Name another folder.` })
  const foreign = files.find(({ path }) => !OURS.test(path))
  if (foreign)
    throw new ApiProblem({ detail: `The gateway answered with a file "${foreign.path}", which no bundle has.` })
  refuseLinks(folder, files)
  const written = new Set(files.map(({ path }) => path))
  for (const path of pathsIn(folder)) if (OURS.test(path) && !written.has(path)) rmSync(join(folder, path))
  // Its head last: a first export that is cut short is no bundle, and is not applied with the rest missing.
  const inOrder = files.toSorted((a, b) => Number(isHead(a)) - Number(isHead(b)))
  for (const { path, text, base64 } of inOrder) {
    const file = join(folder, path)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, text ?? Buffer.from(base64 ?? '', 'base64'))
  }
}

/** What a link points to may lie anywhere: nothing is written there. Looked at before anything is removed or written. */
function refuseLinks(folder: string, files: readonly BundleFile[]): void {
  const places = files.flatMap(({ path }) => path.split('/').map((_, at, parts) => parts.slice(0, at + 1).join('/')))
  const link = [...new Set(places)].find((place) =>
    lstatSync(join(folder, place), { throwIfNoEntry: false })?.isSymbolicLink(),
  )
  if (link === undefined) return
  const detail = `${join(folder, link)} is a symbolic link: an export writes into its own folder alone. Remove the link, or name a new folder.`
  throw new ApiProblem({ detail })
}

function isHead({ path }: BundleFile): boolean {
  return path === 'sluice.yaml'
}

const OURS =
  /^(sluice|secrets|issuers)\.yaml$|^upstreams\/[a-z0-9-]+\/((upstream|tools)\.yaml|(document|overlay)\.(yaml|json|zip))$|^servers\/[a-z0-9-]+\/(server\.yaml|(resources|prompts|composites)\/[\w-]+\.yaml)$/

function pathsIn(folder: string): string[] {
  return existsSync(folder) ? filesBelow(folder, (path) => /\.(json|ya?ml|zip)$/i.test(path)) : []
}
