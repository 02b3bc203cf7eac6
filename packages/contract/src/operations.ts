/** A JSON Schema of dialect 2020-12. */
export type JsonSchema = { readonly [keyword: string]: unknown }

export type ParameterPlace = 'path' | 'query' | 'header' | 'cookie'

export type ParameterStyle =
  | 'simple'
  | 'label'
  | 'matrix'
  | 'form'
  | 'spaceDelimited'
  | 'pipeDelimited'
  | 'tabDelimited'
  | 'deepObject'
  | 'cookie'

/** Where one argument goes on the wire. */
export interface ParameterBinding {
  /** The tool's own argument name. */
  readonly argument: string
  readonly in: ParameterPlace
  /** The exact name on the wire. */
  readonly name: string
  /** The name between the braces of the path, where the document writes another there. */
  readonly template?: string
  readonly style: ParameterStyle
  readonly explode: boolean
  readonly allowReserved: boolean
  readonly allowEmptyValue: boolean
  readonly required: boolean
  /** Set for a `content` parameter: the value is serialized as this media type first. */
  readonly contentType?: string
  /** How the fields of a form are written, where that is a form. */
  readonly encoding?: Readonly<Record<string, PartEncoding>>
  /** Set where objects or lists are written as XML. */
  readonly xml?: XmlShape
  /** A text is in the media type already. */
  readonly isWritten?: true
}

/** OpenAPI 3.2 `in: querystring`: one argument is the whole query. */
export interface QuerystringBinding {
  readonly argument: string
  readonly in: 'querystring'
  readonly contentType: string
  readonly required: boolean
  /** How the fields of a form are written. */
  readonly encoding?: Readonly<Record<string, PartEncoding>>
  readonly xml?: XmlShape
  readonly isWritten?: true
}

export type BodyKind = 'json' | 'form' | 'multipart' | 'text' | 'binary' | 'xml' | 'ndjson'

/** How one property of a form or multipart body is encoded (OpenAPI Encoding Object, contentType made explicit). */
export interface PartEncoding {
  readonly contentType?: string
  readonly style?: ParameterStyle
  readonly explode?: boolean
  readonly allowReserved?: boolean
  readonly headers?: Readonly<Record<string, string>>
  /** Set where objects or lists are written as XML. */
  readonly xml?: XmlShape
  /** A text is in the media type already. */
  readonly isWritten?: true
  /** The part is raw bytes: base64, a data URL or `{filename, contentType, data}`. `said`: only what is one of the last two is. */
  readonly file?: boolean | 'said'
  /** How its own fields or parts are encoded, where it is a form itself (OpenAPI 3.2 4.15.3, "Nested Encoding"). */
  readonly encoding?: Readonly<Record<string, PartEncoding>>
  /** Of those without a name. */
  readonly otherEncoding?: PartEncoding
}

/** How a value is written as XML (OpenAPI XML Object, names made explicit). */
export interface XmlShape {
  readonly name: string
  readonly prefix?: string
  readonly namespace?: string
  /** An attribute of the element around it. */
  readonly attribute?: boolean
  /** The text of the element around it; `cdata`: in a section of it that is not escaped. */
  readonly text?: boolean | 'cdata'
  /** It has no element: its members stand in the element around it. */
  readonly inline?: boolean
  /** Null is an empty element that says so; else it is left out. */
  readonly nil?: boolean
  /** A list has an element of its own around its items. */
  readonly wrapped?: boolean
  readonly properties?: Readonly<Record<string, XmlShape>>
  /** Of the first items of a list, each its own. */
  readonly first?: readonly XmlShape[]
  /** Of the others. */
  readonly items?: XmlShape
}

/** One media type that a body may have. */
export interface BodyContent {
  readonly contentType: string
  readonly kind: BodyKind
  /** Set where an XML body is made of an object or a list; else the argument is the document's text. */
  readonly xml?: XmlShape
  /** What the body is made of, where its media types differ in that: the first that fits what is given is sent. */
  readonly takes?: 'list' | 'object'
  readonly encoding: Readonly<Record<string, PartEncoding>>
  /** How fields are encoded that it gives no name. */
  readonly otherEncoding?: PartEncoding
  /** What it has and needs, where the media types of a body differ: the first that fits what is given is sent. */
  readonly properties?: readonly string[]
  readonly required?: readonly string[]
}

/** Where the body comes from: one argument holds all of it, or arguments stand for its properties. */
export interface BodyBinding {
  readonly required: boolean
  /** The argument `contentType` chooses; else the first that has all that is given. */
  readonly contents: readonly BodyContent[]
  readonly from:
    | { readonly argument: string }
    | { readonly properties: ReadonlyArray<{ readonly argument: string; readonly property: string }> }
}

/** OAuth 2 flows keep only what a credential needs. */
export type SecurityScheme =
  | { readonly type: 'apiKey'; readonly in: 'header' | 'query' | 'cookie'; readonly name: string }
  | { readonly type: 'http'; readonly scheme: string }
  | { readonly type: 'oauth2'; readonly flows: Readonly<Record<string, unknown>> }
  | { readonly type: 'openIdConnect'; readonly url: string }
  /** Custom headers; the secret is a JSON object of names and values. Declared by a curator only. */
  | { readonly type: 'headers' }
  | { readonly type: 'unsupported'; readonly declared: string }

/** Whether a credential can be of a scheme, which may be one that Sluice has no part in, such as HTTP digest. */
export function canPresent(scheme: SecurityScheme): boolean {
  if (scheme.type === 'http') return scheme.scheme === 'basic' || scheme.scheme === 'bearer'
  return scheme.type !== 'unsupported'
}

/** All schemes of one requirement must be satisfied (AND); of several requirements one is enough (OR). Values are scopes. */
export type SecurityRequirement = Readonly<Record<string, readonly string[]>>

/** What an operation answers with, for one status (`200`, `2XX`, `default`). */
export interface OperationResponse {
  readonly status: string
  readonly contentTypes: readonly string[]
  readonly schema?: JsonSchema
}

/** What a spec says of one operation, in the one shape every OpenAPI version is read into. Immutable once stored. */
export interface Operation {
  /** Upper-case. */
  readonly method: string
  /** The path template as the spec writes it. */
  readonly path: string
  readonly operationId?: string
  readonly summary: string
  readonly description: string
  readonly tags: readonly string[]
  readonly deprecated: boolean
  readonly parameters: ReadonlyArray<ParameterBinding | QuerystringBinding>
  readonly body?: BodyBinding
  /** What the arguments must be: self-contained, `$defs` inside. Arguments are checked against this. */
  readonly inputSchema: JsonSchema
  /** Empty: nothing is sent. */
  readonly security: readonly SecurityRequirement[]
  /** Set where the path or the operation has base URLs of its own. */
  readonly baseUrl?: string
  readonly responses: readonly OperationResponse[]
  /** Set where the document says what may be accepted, as a header parameter that callers cannot set. */
  readonly accept?: string
  /** The version the document declares ("3.0.3"): some serialization rules depend on it. */
  readonly declaredVersion: string
}
