export { canonicalJson } from './canonical-json.ts'
export {
  approximate,
  digitsReviver,
  type ExactNumber,
  exactNumber,
  isExactNumber,
  isRecord,
  minifyJson,
  parseJson,
  parseJsonAsWritten,
  stringifyJson,
} from './exact-json.ts'
export { fullSchema } from './full-schema.ts'
export { healValue } from './heal-value.ts'
export { hasInvisible, stripInvisible } from './invisible-text.ts'
export { COLON, COMMA, endOfText, LIST, LIST_END, OBJECT, OBJECT_END, QUOTE } from './json-text.ts'
export { linearTest } from './linear-test.ts'
export { checkMeant } from './meant-branch.ts'
export { nearestName } from './nearest-name.ts'
export { READ_ONLY } from './object-parts.ts'
export { isPacked, packText, unpackText } from './packed-text.ts'
export { permissiveSchema } from './permissive-schema.ts'
export { namesAt } from './place-of.ts'
export { portableSchema, type WireSchema } from './portable-schema.ts'
export { JsonFault, readMessage } from './read-message.ts'
export { safeKey } from './safe-keys.ts'
export { type JsonForm, scanJson } from './scan-json.ts'
export { checkSchema, prepareChecks, type SchemaFault } from './schema-check.ts'
export { schemaFault } from './schema-fault.ts'
export { strictSchema } from './strict-schema.ts'
export { asStrings, definitionName, isObject, objectOf, resolveLocal } from './walk-schema.ts'
