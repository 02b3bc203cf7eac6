import { customType, timestamp } from 'drizzle-orm/pg-core'

/**
 * Text, compared byte by byte: the same order in every database, and no index that an upgrade of the system's locales
 * could break. What PostgreSQL refuses, U+0000 and lone surrogates, becomes U+FFFD: a foreign document is stored all the same,
 * and an odd identifier is merely not found.
 */
export function text<T extends string = string>(name: string) {
  return customType<{ data: T; driverData: string }>({
    dataType: () => 'text collate "C"',
    toDriver: (value) => value.replaceAll('\0', '\uFFFD').toWellFormed(),
  })(name)
}

/** A value as `jsonb`, which refuses the same. */
export function json<T>(name: string) {
  return customType<{ data: T; driverData: string }>({
    dataType: () => 'jsonb',
    toDriver: storableJson,
  })(name)
}

/** JSON text without what PostgreSQL refuses in one. */
export function storableJson(value: unknown): string {
  const written = JSON.stringify(value)
  return written.includes('\\u') ? written.replace(REFUSED_BY_JSONB, '$1\\ufffd') : written
}

/** Bytes as they are. */
export function bytes(name: string) {
  return customType<{ data: Uint8Array; driverData: Uint8Array }>({ dataType: () => 'bytea' })(name)
}

/** A point in time, to the millisecond. */
export function instant(name: string) {
  return timestamp(name, { withTimezone: true, precision: 3, mode: 'date' })
}

// JSON.stringify escapes a surrogate only where it stands alone. The group keeps escaped backslashes together: the six
// characters \u0000 written out in a text stay as they are.
const REFUSED_BY_JSONB = /(?<!\\)((?:\\\\)*)\\u(?:0000|d[89a-f][0-9a-f]{2})/g
