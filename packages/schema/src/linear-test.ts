import { RE2JS } from 're2js'

/** Whether a text has a match of the pattern, in time linear in the text; `undefined` for a pattern that no such engine knows. */
export function linearTest(pattern: string): ((text: string) => boolean) | undefined {
  try {
    const compiled = RE2JS.compile(RE2JS.translateRegExp(pattern))
    return (text) => compiled.test(text)
  } catch {
    return undefined
  }
}
