import { hash } from 'node:crypto'
import { canonicalJson } from '@sluice/schema'
import { findHeirs } from './discriminator.ts'
import { resolvePointer } from './json-pointer.ts'
import { besideReferences } from './read-schema.ts'
import type { SpecFamily } from './read-spec.ts'

/** Hashes of the parts of a document that others refer to. */
export interface SourceHashes {
  /** One hash for each part that a JSON text leads to by references, near ones first, up to `MOST_BYTES` of text. */
  reachedFrom(json: string): string[]
}

/** What lies further away is cut from the schemas of an operation, too. */
const MOST_BYTES = 256 * 1024
/** A long text counts as what is shown of it, so that its neighbours are not missed. */
const MOST_BYTES_EACH = 8 * 1024

interface Part {
  readonly hash: string
  readonly bytes: number
  readonly leadsTo: readonly string[]
}

/**
 * Of a document as it was received, not as it was read: bodies lose their names when they become arguments, and what they
 * say would not be missed. Each part is looked at once.
 */
export function createSourceHashes(root: Record<string, unknown>, family: SpecFamily): SourceHashes {
  const parts = new Map<string, Part>()
  const heirs = findHeirs(root)

  function partAt(reference: string): Part {
    const known = parts.get(reference)
    if (known) return known
    const text = reference.startsWith('#') ? canonicalJson(resolvePointer(root, reference)) : ''
    // A base stands for its heirs, which refer to it and not the other way round.
    const part = {
      hash: hash('sha256', text + besideReferences(text, family)),
      bytes: Math.min(text.length, MOST_BYTES_EACH),
      leadsTo: [...referencesIn(text), ...(heirs.get(reference) ?? [])],
    }
    parts.set(reference, part)
    return part
  }

  return {
    reachedFrom: (json) => {
      const reached = new Set(referencesIn(json))
      const hashes: string[] = []
      let left = MOST_BYTES
      for (const reference of reached) {
        const part = partAt(reference)
        left -= part.bytes
        if (left < 0) break
        hashes.push(reference, part.hash)
        for (const further of part.leadsTo) reached.add(further)
      }
      return hashes
    },
  }
}

function referencesIn(json: string): string[] {
  return [...json.matchAll(/"\$ref":("(?:[^"\\]|\\.)*")/g)].map(([, quoted]) => JSON.parse(quoted!) as string)
}
