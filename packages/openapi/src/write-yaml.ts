import { DUMP_SCHEMA, dump } from 'js-yaml'

/**
 * A value as YAML that people read and diff: texts of several lines as blocks, long lines whole, the given order. What a reader of
 * YAML 1.1 would take for something else (`no`, `1_000`, a date) is quoted.
 */
export function writeYaml(value: unknown): string {
  return dump(value, { schema: DUMP_SCHEMA, lineWidth: -1, noRefs: true })
}
