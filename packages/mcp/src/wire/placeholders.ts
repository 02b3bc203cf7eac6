/** A place in a prompt's text where an argument stands: `{{name}}`. */
export interface Placeholder {
  readonly name: string
  /** Of its first brace, from 0. */
  readonly index: number
}

const PLACEHOLDER = /\{\{([^{}]*)\}\}/g

export function placeholdersIn(text: string): Placeholder[] {
  return [...text.matchAll(PLACEHOLDER)].map(({ 1: name, index }) => ({ name: name!.trim(), index }))
}

/** What is given stands there as it is: nothing in it is read as a placeholder. What is not given leaves nothing. */
export function fillText(text: string, given: Readonly<Record<string, string>>): string {
  return text.replaceAll(PLACEHOLDER, (_all, name: string) => {
    const wanted = name.trim()
    return Object.hasOwn(given, wanted) ? given[wanted]! : ''
  })
}
