import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Spawned, spawned } from './spawned.ts'

/** A real API of somebody else, on loopback. */
export interface Started {
  readonly url: string
  close(): Promise<void>
}

/** Starts a server by its command line, in a folder of its own, and waits until `isUp`. */
export async function started(
  url: string,
  commandIn: (folder: string) => readonly string[],
  isUp: () => Promise<unknown>,
): Promise<Started> {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-upstream-'))
  const server = spawned([], {}, commandIn(folder), folder)
  const close = async () => {
    // It may have ended by itself.
    await server.end('SIGTERM').catch(() => {})
    rmSync(folder, { recursive: true, force: true })
  }
  try {
    await until(isUp, server)
  } catch (error) {
    await close()
    throw error
  }
  return { url, close }
}

async function until(isUp: () => Promise<unknown>, { output, firstLine }: Spawned): Promise<void> {
  let ended: unknown
  // It need not write anything; that it is over is what this tells.
  firstLine.catch((error: unknown) => {
    ended = error
  })
  for (let tries = 0; tries < 400; tries++) {
    if (ended !== undefined) throw ended
    if (await isUp().then(Boolean, () => false)) return
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  throw new Error(`it did not come up:\n${output.stdout}${output.stderr}`)
}
