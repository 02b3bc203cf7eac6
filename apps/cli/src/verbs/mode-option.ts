import { Option } from '@commander-js/extra-typings'

/** How the tools of a server are offered. */
export function modeOption() {
  const text = 'tools are listed, found by searching, called by code, or (auto) listed while they are few'
  return new Option('--mode <mode>', text).choices(['auto', 'direct', 'search', 'code'] as const)
}

/** What code may call where it is called by code. */
export function codeCallsOption() {
  const text = 'what code may call in mode code (by default what only reads)'
  return new Option('--code-calls <which>', text).choices(['none', 'read-only', 'all'] as const)
}
