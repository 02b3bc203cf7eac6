/** When keys were last used, kept in memory and written now and then: a call waits for no database. */
export interface KeyUses {
  readonly used: (accessKeyId: string) => void
  /** Writes what is not written yet. */
  readonly close: () => Promise<void>
}

const WRITE_EVERY_MS = 5_000

/** What cannot be written is tried again with the next. */
export function createKeyUses(write: (uses: ReadonlyMap<string, Date>) => Promise<void>): KeyUses {
  let uses = new Map<string, Date>()
  async function flush(): Promise<void> {
    if (uses.size === 0) return
    const written = uses
    uses = new Map()
    await write(written).catch(() => {
      uses = new Map([...written, ...uses])
    })
  }
  const timer = setInterval(() => void flush(), WRITE_EVERY_MS).unref()
  return {
    used: (accessKeyId) => void uses.set(accessKeyId, new Date()),
    close: async () => {
      clearInterval(timer)
      await flush()
    },
  }
}
