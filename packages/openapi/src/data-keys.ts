// Values that are data: a `$ref` in them is text. Below the others the keys are names, whatever they are called (B9).
export const DATA = new Set(['example', 'default', 'enum', 'const', 'value'])
export const NAMED = new Set([
  'properties',
  'patternProperties',
  'dependentSchemas',
  '$defs',
  'definitions',
  'schemas',
  'parameters',
  'responses',
  'examples',
  'requestBodies',
  'headers',
  'securitySchemes',
  'links',
  'callbacks',
  'pathItems',
  'paths',
  'mapping',
])
