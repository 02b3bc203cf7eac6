import type { RotatedKeys } from '@sluice/contract'
import { working } from '../ask.ts'
import { command, group } from '../command.ts'
import { withGateway } from '../connect.ts'
import { answer, count } from '../print.ts'

export function masterKeyCommands() {
  return group('keys', 'the master key, under which secrets are sealed', [rotate()])
}

function rotate() {
  return command('rotate', 'seal all secrets under a new master key, while calls go on', ['sluice keys rotate'])
    .addHelpText(
      'after',
      `
The new key is written into DATA_DIR/master.key, before the old one, until nothing is sealed under that any more; then the old
one is gone. Make a copy of the new one. What is interrupted goes on at the next start, or by the same command.
Where MASTER_KEY is set, every gateway gets both keys first: docs/how-to/rotate-the-master-key.md.`,
    )
    .action(async (options) => {
      const rotated = await withGateway((api) =>
        working('Sealing anew', () => api.request<RotatedKeys>('POST', '/key-rotations')),
      )
      answer(
        options,
        rotated,
        () =>
          `Sealed ${count(rotated.resealed, 'secret')} anew under the key ${rotated.keyId}. Keep a copy of the new master key.`,
      )
    })
}
