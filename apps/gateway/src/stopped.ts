/** Waits for a signal, or for what `told` waits for, then for the end of what is in flight. A second signal ends the process at once. */
export function stopped(
  running: { readonly stop: (reason: string) => Promise<void> },
  told?: Promise<void>,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const onSignal = (signal: string) => {
      process.once(signal, () => process.exit(1))
      running.stop(signal).then(resolve, reject)
    }
    process.once('SIGTERM', onSignal)
    if (!told) process.once('SIGINT', onSignal)
    else void told.then(() => onSignal(STOP))
  })
}

/** What a worker is told when it must end; a signal may reach all processes of a terminal at once. */
export const STOP = 'stop'
