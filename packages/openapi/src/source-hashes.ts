import { hash } from 'node:crypto'
import { canonicalJson } from '@sluice/schema'
import { findHeirs } from './discriminator.ts'
import { resolvePointer } from './json-pointer.ts'
import { besideReferences } from './read-schema.ts'
import type { SpecFamily } from './read-spec.ts'

/** Hashes of the parts of a document that others refer to. */
export interface SourceHashes {
  /** One hash of all parts that a JSON text leads to by references, near ones first, as many as are shown of it. */
  reachedFrom(json: string, reach: Reach): string
}

/** How much text is looked at. What lies further away is cut from the schemas of an operation, too. */
interface Reach {
  readonly most: number
  /** A long text counts as what is shown of it, so that its neighbours are not missed. */
  readonly mostEach: number
}

export const OF_ARGUMENTS: Reach = { most: 256 * 1024, mostEach: 8 * 1024 }
/** What an answer looks like is told by the shapes of some two hundred parts, however large these are. */
export const OF_ANSWERS: Reach = { most: 256 * 1024, mostEach: 512 }

/** What a reference names. It is looked at when it is reached. */
interface Part {
  readonly reference: string
  content?: PartContent
  /** The last time that it was met. */
  met: number
}

interface PartContent {
  readonly hash: string
  readonly length: number
  readonly leadsTo: readonly Part[]
}

/**
 * Of a document as it was received, not as it was read: bodies lose their names when they become arguments, and what they
 * say would not be missed. Each part is looked at once.
 */
export function createSourceHashes(root: Record<string, unknown>, family: SpecFamily): SourceHashes {
  const parts = new Map<string, Part>()
  const heirs = findHeirs(root)
  let times = 0

  function partOf(reference: string): Part {
    const part = parts.get(reference) ?? { reference, met: 0 }
    parts.set(reference, part)
    return part
  }

  function contentOf({ reference }: Part): PartContent {
    const text = reference.startsWith('#') ? canonicalJson(resolvePointer(root, reference)) : ''
    return {
      hash: hash('sha256', text + besideReferences(text, family)),
      length: text.length,
      // A base stands for its heirs, which refer to it and not the other way round.
      leadsTo: [...referencesIn(text), ...(heirs.get(reference) ?? []).toSorted()].map(partOf),
    }
  }

  function hashOf(references: readonly string[], { most, mostEach }: Reach): string {
    const time = ++times
    const reached: Part[] = []
    const meet = (part: Part) => {
      if (part.met === time) return
      part.met = time
      reached.push(part)
    }
    for (const reference of references) meet(partOf(reference))
    const hashes: string[] = []
    let left = most
    // The list grows while it is walked.
    for (const part of reached) {
      part.content ??= contentOf(part)
      left -= Math.min(part.content.length, mostEach)
      if (left < 0) break
      hashes.push(part.reference, part.content.hash)
      part.content.leadsTo.forEach(meet)
    }
    return hashes.length === 0 ? '' : hash('sha256', hashes.join(''))
  }

  /** Many operations refer to the same. */
  const known = new Map<string, string>()
  return {
    reachedFrom: (json, reach) => {
      const references = referencesIn(json)
      const key = `${reach.mostEach} ${references.join(' ')}`
      const found = known.get(key) ?? hashOf(references, reach)
      known.set(key, found)
      return found
    },
  }
}

function referencesIn(json: string): string[] {
  return [...json.matchAll(/"\$ref":("(?:[^"\\]|\\.)*")/g)].map(([, quoted]) => JSON.parse(quoted!) as string)
}
