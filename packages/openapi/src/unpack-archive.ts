import { LIMITS, Problem } from '@sluice/contract'
import { strFromU8, strToU8, unzipSync, zipSync } from 'fflate'

/** Texts by their path: the documents of a folder. */
export type TextFiles = ReadonlyMap<string, string>

/** Whether bytes are a zip archive, by its first bytes (APPNOTE 4.3.7). */
export function isArchive(bytes: Uint8Array): boolean {
  return bytes[0] === 0x50 && bytes[1] === 0x4b && bytes[2] === 0x03 && bytes[3] === 0x04
}

/**
 * The JSON and YAML files of a zip archive. Sizes are looked at before anything is unpacked, and nothing is unpacked beyond the
 * size that was claimed (S23).
 * @throws Problem `spec-unreadable` or `too-large`
 */
export function unpackArchive(bytes: Uint8Array): TextFiles {
  let left: number = LIMITS.specBytes
  let count = 0
  const isDocument = ({ name, originalSize }: { name: string; originalSize: number }) => {
    if (!DOCUMENT.test(name) || name.includes('__MACOSX/')) return false
    left -= originalSize
    count++
    if (left < 0 || count > MOST_FILES) throw tooMuch()
    return true
  }
  try {
    const files = unzipSync(bytes, { filter: isDocument })
    return new Map(Object.entries(files).map(([name, data]) => [plainPath(name), strFromU8(data)]))
  } catch (cause) {
    if (cause instanceof Problem) throw cause
    throw new Problem('spec-unreadable', { detail: 'The zip archive is broken.', cause })
  }
}

const DOCUMENT = /\.(json|ya?ml)$/i
const MOST_FILES = 20_000

/** A zip archive of texts. The same texts give the same bytes. */
export function packFiles(files: TextFiles): Uint8Array {
  const mtime = new Date(2000, 0, 1)
  return zipSync(Object.fromEntries([...files].map(([name, text]) => [name, [strToU8(text), { mtime }]])))
}

/** A name in an archive is a text of whoever made it: it becomes a path below the archive's root. */
function plainPath(name: string): string {
  const steps = name.split(/[\\/]+/).filter((step) => step !== '' && step !== '.' && step !== '..')
  return steps.join('/')
}

function tooMuch(): Problem {
  const detail = `The archive's documents are more than ${LIMITS.specBytes / 1024 / 1024} MB, or more than ${MOST_FILES} files.`
  return new Problem('too-large', { detail })
}
