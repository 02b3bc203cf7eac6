import { isExactNumber } from '@sluice/schema'
import { DUMP_SCHEMA, dump, NOT_RESOLVED, type ScalarTagDefinition } from 'js-yaml'
import { beyondDoubles } from './read-yaml.ts'

/**
 * A value as YAML that people read and diff: texts of several lines as blocks, long lines whole, the given order. What a reader of
 * YAML 1.1 would take for something else (`no`, `1_000`, a date) is quoted, and numbers keep their digits (B143).
 */
export function writeYaml(value: unknown): string {
  return dump(value, { schema: SCHEMA, lineWidth: -1, noRefs: true })
}

/** What is read as a number of this kind is written as one. */
function withExact(plain: ScalarTagDefinition): ScalarTagDefinition {
  const tag = beyondDoubles(plain)
  const isOfTag = (value: unknown) =>
    isExactNumber(value) && tag.resolve(value.rawJSON, false, tag.tagName) !== NOT_RESOLVED
  return {
    ...tag,
    identify: (value) => isOfTag(value) || tag.identify(value),
    represent: (value) => (isExactNumber(value) ? value.rawJSON : tag.represent(value)),
  }
}

const NUMBERS = DUMP_SCHEMA.implicitScalarTags.filter(({ tagName }) => /:(int|float)$/.test(tagName))
const SCHEMA = DUMP_SCHEMA.withTags(...NUMBERS.map(withExact))
