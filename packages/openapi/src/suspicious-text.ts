import { isObject } from '@sluice/schema'
import type { Findings } from './findings.ts'
import { pointerTo } from './json-pointer.ts'

/** Zero-width characters, bidi controls and isolates, tag characters, controls but tab and line feed: nobody sees them (S28). */
const INVISIBLE =
  /[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F\u00AD\u200B-\u200F\u202A-\u202E\u2060-\u2069\uFEFF\u{E0000}-\u{E007F}]/u
const ALL_INVISIBLE = new RegExp(INVISIBLE.source, 'gu')

/** Text as a person would see it. */
export function stripInvisible(text: string): string {
  return INVISIBLE.test(text) ? text.replaceAll(ALL_INVISIBLE, '') : text
}

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
  if (INVISIBLE.test(text)) return 'text-invisible'
  return INSTRUCTIONS.some((pattern) => pattern.test(text)) ? 'text-instructs' : undefined
}

/** A cheap look at the text as received: most documents have nothing of the kind and are not walked. */
export function mayBeSuspicious(received: string): boolean {
  return MAY_HIDE.test(received) || INSTRUCTIONS.some((pattern) => pattern.test(received))
}

// As themselves, or escaped as JSON and YAML may.
const MAY_HIDE = new RegExp(
  `${INVISIBLE.source.replace('\\u000B\\u000C', '\\u000B')}|\\\\u(00[01][0-8b-fB-F]|00ad|00AD|200[b-fB-F]|202[a-eA-E]|206[0-9]|feff|FEFF|[dD][bB]40)|\\\\x[01]`,
  'u',
)

const MESSAGES = {
  'text-invisible': 'holds characters that nobody sees; they are stripped from what a model is shown',
  'text-instructs': 'reads like an instruction to a model; the tools that show it are not enabled by an import',
} as const

/** Reports every text, name and value of the document that somebody should look at (S28). */
export function reportSuspicious(document: unknown, findings: Findings): void {
  const seen = new Set<object>()
  const walk = (value: unknown, pointer: string): void => {
    if (typeof value === 'string') report(value, pointer)
    if (typeof value !== 'object' || value === null || seen.has(value)) return
    seen.add(value)
    for (const [key, item] of Object.entries(value)) {
      const at = pointerTo(pointer, key)
      if (isObject(value)) report(key, at)
      walk(item, at)
    }
  }
  const report = (text: string, pointer: string): void => {
    const code = suspicionOf(text)
    if (code) findings.add({ code, severity: 'warning', pointer, message: `This ${MESSAGES[code]}`, fix: FIX })
  }
  walk(document, '')
}

const FIX = 'Read it; enable the tool by hand if it is harmless.'
