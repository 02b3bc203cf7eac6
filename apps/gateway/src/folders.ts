import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** Where the product's own files lie: beside the sources in a checkout and in the image, beside the bundle in a package. */
export interface Folders {
  readonly migrations: string
  /** A database made at set-up, so that the first start need not make one; may be missing. */
  readonly snapshot: string
}

export function findFolders(from: string = import.meta.dirname): Folders {
  for (let folder = from; folder !== dirname(folder); folder = dirname(folder)) {
    const migrations = join(folder, 'migrations')
    if (existsSync(join(migrations, 'meta', '_journal.json'))) {
      const packed = join(folder, 'database.tar.gz')
      const cached = join(folder, 'node_modules', '.cache', 'sluice', 'database.tar.gz')
      return { migrations, snapshot: existsSync(packed) ? packed : cached }
    }
  }
  throw new Error(`The folder migrations was not found above ${from}: the installation is incomplete.`)
}
