import { script } from '@bomb.sh/tab'
import { Argument } from '@commander-js/extra-typings'
import { command } from '../command.ts'
import { answer } from '../print.ts'

const SHELLS = ['zsh', 'bash', 'fish', 'powershell'] as const

export function completionCommand() {
  return command('completion', `print the completion script of ${SHELLS.slice(0, -1).join(', ')} or ${SHELLS.at(-1)}`, [
    'source <(sluice completion bash)',
    'sluice completion zsh > ~/.zfunc/_sluice',
    'sluice completion fish > ~/.config/fish/completions/sluice.fish',
  ])
    .addArgument(new Argument('<shell>').choices(SHELLS))
    .addHelpText('after', '\nNames of servers, upstreams, tools and keys are proposed where a gateway answers quickly.')
    .action((shell, options) => {
      const text = scriptOf(shell)
      answer(options, { shell, script: text }, () => text)
    })
}

/** The library writes to the console, and returns nothing. */
function scriptOf(shell: (typeof SHELLS)[number]): string {
  const said: string[] = []
  const { log } = console
  console.log = (text: string) => said.push(text)
  try {
    script(shell, 'sluice', 'sluice')
  } finally {
    console.log = log
  }
  return said.join('\n')
}
