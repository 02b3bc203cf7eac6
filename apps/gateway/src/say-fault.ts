import type { JsonSchema, ProblemError } from '@sluice/contract'
import { isObject, nearestName, type SchemaFault } from '@sluice/schema'

type Said = Pick<ProblemError, 'detail' | 'fix'>

/** A fault in words, and what to do. `about` is the schema that said so; `value` is what it was said of. */
export function sayFault(fault: SchemaFault, name: string, about: JsonSchema, value: unknown): Said {
  switch (fault.keyword) {
    case 'required':
      return { detail: `${name} is missing.`, ...fixOf(ofProperty(about, fault.property!)) }
    case 'additionalProperties':
      return sayUnknown(fault.property!, name, about)
    case 'minProperties':
      return { detail: `${name} is empty.`, ...fixed(`Give at least one of ${namesIn(about).join(', ')}.`) }
    case 'enum':
      return { detail: `${name} ${fault.message}.`, ...nearestOf(value, about) }
    case 'const':
      return { detail: `${name} must be ${JSON.stringify(about.const)}.` }
    case 'pattern':
    case 'format':
      return { detail: `${name} ${formOf(fault, about)}`, ...exampleOf(about) }
    default:
      return { detail: `${name} ${plain(fault.message)}.`, ...exampleOf(about) }
  }
}

function sayUnknown(property: string, name: string, about: JsonSchema): Said {
  const known = namesIn(about)
  const near = nearestName(property, known)
  // Names that are free but for their form.
  if (known.length === 0 && about.patternProperties)
    return { detail: `${name} is no name that is taken here.`, ...fixOf(about) }
  const fix = near ? `Did you mean ${near}?` : known.length > 0 ? `Known are: ${known.join(', ')}.` : undefined
  return { detail: `${name} is not known here.`, ...fixed(fix) }
}

function nearestOf(value: unknown, { enum: values }: JsonSchema): Pick<Said, 'fix'> {
  const texts = (Array.isArray(values) ? values : []).filter((one) => typeof one === 'string')
  const near = typeof value === 'string' ? nearestName(value, texts) : undefined
  return fixed(near && `Did you mean ${near}?`)
}

/** The form in words, where the schema has some: an expression says little to who did not write it. */
function formOf({ message }: SchemaFault, { description }: JsonSchema): string {
  return typeof description === 'string' ? `has not the form that it needs: ${description}` : `${message}.`
}

function exampleOf({ examples }: JsonSchema): Pick<Said, 'fix'> {
  const [example] = Array.isArray(examples) ? examples : []
  return fixed(example === undefined ? undefined : `Give it like ${JSON.stringify(example)}.`)
}

function fixOf(about: JsonSchema): Pick<Said, 'fix'> {
  const example = exampleOf(about).fix
  const { description } = about
  return fixed([typeof description === 'string' ? description : '', example].filter(Boolean).join(' ') || undefined)
}

function ofProperty({ properties }: JsonSchema, name: string): JsonSchema {
  const property = isObject(properties) ? properties[name] : undefined
  return isObject(property) ? property : {}
}

function namesIn({ properties }: JsonSchema): string[] {
  return isObject(properties) ? Object.keys(properties) : []
}

/** "must NOT have fewer than 1 items" as people say it. */
function plain(message: string): string {
  return message
    .replace(/^must NOT have fewer than (\d+) (\w+)$/, 'must have at least $1 $2')
    .replace(/^must NOT have more than (\d+) (\w+)$/, 'must have at most $1 $2')
    .replace(/ \(items ## .*\)$/, '')
    .replace('must NOT', 'must not')
}

function fixed(fix: string | undefined): Pick<Said, 'fix'> {
  return fix ? { fix } : {}
}
