import { Option } from '@commander-js/extra-typings'

/** How the tools of a server are offered. */
export function modeOption() {
  const text = 'tools are listed, found by searching, or (auto) listed while they are few'
  return new Option('--mode <mode>', text).choices(['auto', 'direct', 'search'] as const)
}
