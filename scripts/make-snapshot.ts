import { mkdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { makeSnapshot } from '@sluice/store'

/** Makes the database that first starts and tests begin from. Usage: make-snapshot.ts <file> */
const [file] = process.argv.slice(2)
if (!file) throw new Error('Name the file to make.')
mkdirSync(dirname(file), { recursive: true })
await makeSnapshot(file, join(import.meta.dirname, '..', 'migrations'))
