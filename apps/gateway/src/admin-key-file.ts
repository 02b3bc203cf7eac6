import { join } from 'node:path'

/** Where the first AdminKey lies; the CLI looks there too. */
export function adminKeyFile(dataDir: string): string {
  return join(dataDir, 'admin.key')
}
