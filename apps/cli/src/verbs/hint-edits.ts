import type { ToolHints } from '@sluice/contract'
import { pairOf, UsageFault } from '../command.ts'

const HINTS = {
  'read-only': 'readOnlyHint',
  destructive: 'destructiveHint',
  idempotent: 'idempotentHint',
  'open-world': 'openWorldHint',
} as const

/** The hints there were, with those that are given; nothing where none is. @throws UsageFault */
export function hintEdits(before: ToolHints | null, given: readonly string[] = []): { annotations?: ToolHints } {
  if (given.length === 0) return {}
  const said = given.map((text) => {
    const [name, value] = pairOf(text, '--hint')
    if (!Object.hasOwn(HINTS, name)) throw new UsageFault(`--hint is one of ${Object.keys(HINTS).join(', ')}.`)
    return [HINTS[name as keyof typeof HINTS], isOn(value, '--hint')] as const
  })
  return { annotations: { ...before, ...Object.fromEntries(said) } }
}

export function hintsText(hints: ToolHints | null): string | null {
  const told = Object.entries(HINTS).flatMap(([name, hint]) => {
    const value = hints?.[hint]
    return value === undefined ? [] : [`${name} ${value ? 'on' : 'off'}`]
  })
  return told.length > 0 ? told.join(', ') : null
}

/** @throws UsageFault */
export function isOn(text: string, option: string): boolean {
  if (text !== 'on' && text !== 'off') throw new UsageFault(`${option} is on or off.`)
  return text === 'on'
}
