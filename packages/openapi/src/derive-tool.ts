import type { JsonSchema, Operation, OperationDefinition, SecurityScheme } from '@sluice/contract'
import { isObject, portableSchema } from '@sluice/schema'
import { bindBody, type DraftBody } from './bind-body.ts'
import { bindParameters, type DraftArgument } from './bind-parameters.ts'
import { cleanText } from './clean-text.ts'
import { contentHashOf } from './content-hash.ts'
import { annotationsOf, descriptionOf, titleOf } from './describe-tool.ts'
import type { Findings } from './findings.ts'
import type { DeclaredOperation } from './list-operations.ts'
import { loosened } from './mcp-extension.ts'
import { nameArguments } from './name-arguments.ts'
import { nameTool } from './name-tool.ts'
import type { OutputSchemas } from './output-schema.ts'
import { withParamHeaders } from './param-headers.ts'
import type { SchemaReader } from './read-schema.ts'
import type { SourceHashes } from './source-hashes.ts'

export interface DeriveDeps {
  readonly declaredVersion: string
  readonly schemes: Readonly<Record<string, SecurityScheme>>
  readonly reader: SchemaReader
  readonly outputs: OutputSchemas
  readonly sources: SourceHashes
  /** The document, in the shape of OpenAPI 3. */
  readonly root: Record<string, unknown>
  readonly findings: Findings
}

/** A definition with the hash of what the document says, which stays the same in every release of Sluice. */
export interface DerivedTool {
  readonly definition: OperationDefinition
  /** JSON of it. */
  readonly text: string
  /** JSON of its entry in the tool list. */
  readonly entry: string
  readonly contentHash: string
}

/** The one place where an operation becomes a tool: arguments and where they go, both schemas, name, texts and hints. */
export function deriveTool(declared: DeclaredOperation, deps: DeriveDeps): DerivedTool {
  const parameters = bindParameters(declared, deps)
  const body = bindBody(declared, deps)
  const drafts = [...parameters, ...(body?.arguments ?? [])]
  const bodyChoice = body && bodyTypes(body).length > 1
  const names = nameArguments(drafts, bodyChoice ? ['contentType'] : [])
  const inputSchema = inputSchemaOf(drafts, names, body, declared, deps)
  const operation: Operation = {
    method: declared.method,
    path: declared.path,
    ...(declared.operationId ? { operationId: declared.operationId } : {}),
    summary: declared.summary,
    description: declared.description,
    tags: declared.tags,
    deprecated: declared.deprecated,
    parameters: parameters.map((draft, index) => draft.bind(names[index]!)).filter((binding) => binding !== undefined),
    ...(body ? { body: body.bind(names.slice(parameters.length)) } : {}),
    inputSchema,
    security: declared.security,
    ...(declared.baseUrl ? { baseUrl: declared.baseUrl } : {}),
    responses: declared.responses.map(({ status, contentTypes }) => ({ status, contentTypes })),
    ...acceptOf(declared),
    declaredVersion: deps.declaredVersion,
  }
  const output = deps.outputs(declared)
  const definition = definitionOf(operation, declared, { drafts, names }, deps)
  const wireText = JSON.stringify(definition.wireSchema)
  return {
    definition: { ...definition, ...(output ? { outputSchema: output.schema } : {}) },
    text: textOf(definition, wireText, output?.text),
    entry: entryOf(definition, wireText),
    contentHash: contentHashOf(declared, operation, deps.sources),
  }
}

/** A parameter `Accept` is no argument (OpenAPI 3.1.1 4.8.12.1), but the values it lists are those that the API answers to. */
function acceptOf({ parameters }: DeclaredOperation): Pick<Operation, 'accept'> {
  const schema = parameters.find((one) => one.in === 'header' && one.name.toLowerCase() === 'accept')?.schema
  if (!isObject(schema)) return {}
  const listed = Array.isArray(schema.enum) ? schema.enum : [schema.const ?? schema.default]
  const types = listed.filter((value): value is string => typeof value === 'string' && /^[\w.+*/;=, -]+$/.test(value))
  return types.length > 0 ? { accept: types.find((type) => /json/i.test(type)) ?? types[0]! } : {}
}

function bodyTypes(body: DraftBody): string[] {
  return body.bind(body.arguments.map(({ wanted }) => wanted)).contents.map(({ contentType }) => contentType)
}

function inputSchemaOf(
  drafts: readonly DraftArgument[],
  names: readonly string[],
  body: DraftBody | undefined,
  declared: DeclaredOperation,
  { reader, findings }: DeriveDeps,
): JsonSchema {
  const properties: Record<string, JsonSchema> = Object.fromEntries(
    drafts.map((draft, index) => [names[index]!, tidy(draft.schema)]),
  )
  const types = body ? bodyTypes(body) : []
  if (types.length > 1)
    properties.contentType = {
      type: 'string',
      enum: types,
      description: `Media type of the body; ${defaultType(body!, types)} if left out.`,
    }
  const required = names.filter((_name, index) => drafts[index]!.required)
  const { defs, cut } = reader.definitionsFor(Object.values(properties), MOST_DEFINITION_BYTES)
  if (cut) {
    const message = `Its schemas are larger than ${MOST_DEFINITION_BYTES / 1024} kB together; the deepest take any value`
    findings.add({ code: 'schema-large', severity: 'info', pointer: declared.pointer, message })
  }
  const together = neededTogether(drafts, names, body)
  return {
    type: 'object',
    properties,
    ...(required.length > 0 ? { required } : {}),
    ...(together ? { dependentRequired: together } : {}),
    additionalProperties: false,
    ...(Object.keys(defs).length > 0 ? { $defs: defs } : {}),
  }
}

function defaultType(body: DraftBody, types: readonly string[]): string {
  const { contents } = body.bind(body.arguments.map(({ wanted }) => wanted))
  if (contents.some(({ takes }) => takes)) return 'the first that is made of what is given, a list or an object,'
  return contents.some(({ properties }) => properties) ? 'the first that has all that is given' : types[0]!
}

const MOST_DEFINITION_BYTES = 256 * 1024

/** An optional body may be left out as a whole; once one of its properties is given, its required ones are needed. */
function neededTogether(drafts: readonly DraftArgument[], names: readonly string[], body: DraftBody | undefined) {
  if (!body || body.neededTogether.length === 0) return undefined
  const inBody = names.filter((_name, index) => drafts[index]!.place === 'body')
  const needed = inBody.filter((_name, index) => body.neededTogether.includes(body.arguments[index]!.wanted))
  return Object.fromEntries(inBody.map((name) => [name, needed.filter((other) => other !== name)]))
}

function tidy(schema: JsonSchema): JsonSchema {
  return typeof schema.description === 'string' ? { ...schema, description: cleanText(schema.description) } : schema
}

/** JSON of one tool's input schema in the list. */
const MOST_WIRE_BYTES = 12 * 1024

interface NamedArguments {
  readonly drafts: readonly DraftArgument[]
  readonly names: readonly string[]
}

function definitionOf(
  operation: Operation,
  declared: DeclaredOperation,
  { drafts, names }: NamedArguments,
  deps: DeriveDeps,
): OperationDefinition {
  const wire = portableSchema(operation.inputSchema, MOST_WIRE_BYTES)
  const { mcp } = declared
  const name = nameTool(mcp.name ? { ...declared, operationId: mcp.name } : declared)
  const title = titleOf(declared)
  const description = descriptionOf(declared)
  if (wire.elided) {
    const message = 'Its input schema is shown without its deepest levels; arguments are checked in full'
    deps.findings.add({ code: 'schema-elided', severity: 'info', pointer: declared.pointer, message })
  }
  const annotations = annotationsOf(operation.method, mcp.annotations)
  const looser = loosened(annotationsOf(operation.method), mcp.annotations)
  if (looser.length > 0) {
    const message = `${looser.join(', ')} of x-mcp-annotations would make ${operation.method} look safer than it is; left as the method has it`
    deps.findings.add({ code: 'annotation-loosened', severity: 'warning', pointer: declared.pointer, message })
  }
  const wireSchema = withParamHeaders(wire.schema, drafts, names, deps.findings)
  const icon = mcp.icon === undefined ? {} : { icon: mcp.icon }
  return { operation, name, title, description, annotations, ...icon, wireSchema }
}

/** Its schemas are most of it, and are text already. */
function textOf({ wireSchema: _shown, ...own }: OperationDefinition, wireText: string, outputText?: string): string {
  const output = outputText === undefined ? '' : `,"outputSchema":${outputText}`
  return `${JSON.stringify(own).slice(0, -1)},"wireSchema":${wireText}${output}}`
}

function entryOf({ name, title, description, annotations }: OperationDefinition, wireText: string): string {
  const own = JSON.stringify({ name, title, description })
  return `${own.slice(0, -1)},"inputSchema":${wireText},"annotations":${JSON.stringify(annotations)}}`
}
