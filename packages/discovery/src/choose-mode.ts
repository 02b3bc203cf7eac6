import type { ServerMode, ServerModeSetting } from '@sluice/contract'

export interface ChosenMode {
  readonly mode: ServerMode
  /** For people: why it is that one. */
  readonly why: string
}

/** How long a list of tools would be. */
export interface ListSize {
  readonly tools: number
  readonly tokens: number
}

/** From here on models choose badly among listed tools, and some clients take no more (B181). */
export const MOST_LISTED_TOOLS = 40
export const MOST_LISTED_TOKENS = 10_000

/** How tools are offered where nobody has said it: listed while they are few and short, else found by searching. */
export function chooseMode(setting: ServerModeSetting, { tools, tokens }: ListSize): ChosenMode {
  const figures = `${tools} tools, about ${tokens.toLocaleString('en')} tokens when listed`
  if (setting !== 'auto') return { mode: setting, why: `Set to ${setting} (${figures}).` }
  if (tools > MOST_LISTED_TOOLS) {
    return { mode: 'search', why: `${figures}: more than ${MOST_LISTED_TOOLS} tools are found by searching.` }
  }
  if (tokens > MOST_LISTED_TOKENS) {
    const bound = MOST_LISTED_TOKENS.toLocaleString('en')
    return { mode: 'search', why: `${figures}: more than ${bound} tokens are found by searching.` }
  }
  return { mode: 'direct', why: `${figures}: few enough to be listed.` }
}
