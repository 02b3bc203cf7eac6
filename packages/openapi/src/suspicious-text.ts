import type { JsonSchema } from '@sluice/contract'
import { hasInvisible, isObject } from '@sluice/schema'
import type { Findings } from './findings.ts'
import { pointerTo } from './json-pointer.ts'

/** Words that speak to a model rather than of an API. */
const INSTRUCTIONS: readonly RegExp[] = [
  /\b(ignore|disregard|forget|override)\b[^.\n]{0,40}\b(previous|prior|above|earlier|preceding|all)\b[^.\n]{0,40}\b(instruction|prompt|rule|message|context)s?\b/i,
  // Documents of a large vendor mark paragraphs with `<important>`; what shouts at models is in capitals.
  /<\s*\/?\s*IMPORTANT\s*>/,
  /<\s*\/?\s*(system|instructions?|secret|assistant)\s*>/i,
  /\b(do not|don['’]t|never|without)\b[^.\n]{0,30}\b(tell|inform|mention(ing)?|reveal|notify(ing)?|alert)\b[^.\n]{0,20}\buser\b/i,
  /\bbefore (using|calling|invoking|running) (this|any(?: other)?|the other) tools?\b/i,
  /\b(you|assistant|model|agent|llm) (must|should|shall|have to|need to) (always )?(first )?(call|use|invoke|read|run|execute|send|pass)\b[^.\n]{0,60}\b(this tool|~\/|\.ssh|\.env|(whole|full|entire) conversation|system prompt)/i,
]

/** Why a text should be read by a person before a model reads it, or nothing. */
export function suspicionOf(text: string): 'text-invisible' | 'text-instructs' | undefined {
  if (hasInvisible(text)) return 'text-invisible'
  if (text.length < SHORTEST) return undefined
  const line = unwrapped(text)
  return INSTRUCTIONS.some((pattern) => pattern.test(line)) ? 'text-instructs' : undefined
}

/** `<system>` */
const SHORTEST = 8

/** A model reads over the end of a line; a blank line parts what was said from what follows. */
function unwrapped(text: string): string {
  if (!BREAKS.test(text)) return text
  return text.replaceAll(WHITE_SPACE, (space) => (space.split(/\r\n|[\n\r\u2028\u2029]/).length > 2 ? '\n' : ' '))
}

const BREAKS = /[\n\r\u2028\u2029\t]|\s{2}/
const WHITE_SPACE = /[\n\r\u2028\u2029\t]\s*|\s{2,}/g

/** Judges what one document says, and what is made of it: the same texts stand everywhere, and are read once. */
export interface Suspicions {
  /** Of a text or name. */
  of(text: string): ReturnType<typeof suspicionOf>
  /** Whether any text, name or value of a schema is suspicious. Kept by definition: operations share these. */
  within(schema: JsonSchema | undefined): boolean
}

/** Texts that are known to be harmless. */
const MOST_KNOWN = 100_000

export function createSuspicions(): Suspicions {
  const harmless = new Set<string>()
  const judged = new WeakMap<object, boolean>()

  function of(text: string): ReturnType<typeof suspicionOf> {
    if (harmless.has(text)) return undefined
    const code = suspicionOf(text.includes('_') ? text.replaceAll('_', ' ') : text)
    if (!code && harmless.size < MOST_KNOWN) harmless.add(text)
    return code
  }

  function holds(value: unknown): boolean {
    if (typeof value === 'string') return of(value) !== undefined
    if (typeof value !== 'object' || value === null) return false
    return Array.isArray(value) ? value.some(holds) : membersHold(value as Record<string, unknown>)
  }

  function membersHold(value: Readonly<Record<string, unknown>>): boolean {
    for (const key of Object.keys(value)) if (of(key) !== undefined || holds(value[key])) return true
    return false
  }

  function definitionHolds(definition: Readonly<Record<string, unknown>>): boolean {
    const known = judged.get(definition) ?? membersHold(definition)
    judged.set(definition, known)
    return known
  }

  function within({ $defs, ...own }: JsonSchema = {}): boolean {
    const isOfDefinition = ([name, definition]: [string, unknown]) =>
      of(name) !== undefined || (isObject(definition) && definitionHolds(definition))
    return membersHold(own) || (isObject($defs) && Object.entries($defs).some(isOfDefinition))
  }

  return { of, within }
}

const MESSAGES = {
  'text-invisible':
    'holds characters that nobody sees; a model is shown texts without them, and no values that hold them',
  'text-instructs': 'reads like an instruction to a model; the tools that show it are not enabled by an import',
} as const

/** Reports every text, name and value of the document that somebody should look at (S28). */
export function reportSuspicious(document: unknown, suspicions: Suspicions, findings: Findings): void {
  const seen = new Set<object>()
  const path: Array<string | number> = []
  const walk = (value: unknown): void => {
    if (typeof value === 'string') report(value)
    if (typeof value !== 'object' || value === null || seen.has(value)) return
    seen.add(value)
    if (Array.isArray(value)) {
      value.forEach(enter)
      return
    }
    for (const key of Object.keys(value)) {
      path.push(key)
      report(key)
      walk((value as Record<string, unknown>)[key])
      path.pop()
    }
  }
  const enter = (item: unknown, index: number) => {
    path.push(index)
    walk(item)
    path.pop()
  }
  const report = (text: string) => {
    const code = suspicions.of(text)
    if (!code) return
    const pointer = pointerTo('', ...path)
    findings.add({ code, severity: 'warning', pointer, message: `This ${MESSAGES[code]}`, fix: FIX })
  }
  walk(document)
}

const FIX = 'Read it; enable the tool by hand if it is harmless.'
