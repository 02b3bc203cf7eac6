import { LIMITS, type ServerMode, type ServerModeSetting } from '@sluice/contract'

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

/** How tools are offered where nobody has said it: listed while they are few and short, else found by searching. */
export function chooseMode(setting: ServerModeSetting, { tools, tokens }: ListSize): ChosenMode {
  const figures = `${tools} tools, about ${grouped(tokens)} tokens when listed`
  if (setting !== 'auto') return { mode: setting, why: `Set to ${setting} (${figures}).` }
  if (tools > LIMITS.listedTools) {
    return { mode: 'search', why: `${figures}: more than ${LIMITS.listedTools} tools are found by searching.` }
  }
  if (tokens > LIMITS.listedTokens) {
    const bound = grouped(LIMITS.listedTokens)
    return { mode: 'search', why: `${figures}: more than ${bound} tokens are found by searching.` }
  }
  return { mode: 'direct', why: `${figures}: few enough to be listed.` }
}

/** `12,000`. To ask `Intl` for its first number takes 20 ms. */
function grouped(count: number): string {
  return String(count).replaceAll(/\B(?=(?:\d{3})+$)/g, ',')
}
