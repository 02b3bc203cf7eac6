import { lookup } from 'node:dns/promises'
import type { Lookup } from './guarded-lookup.ts'

/** The system's resolver, hosts file included. All addresses are asked for: which of them are dialled is decided later. */
export const resolveName: Lookup = (name) => lookup(name, { all: true })
