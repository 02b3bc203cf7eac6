export { AccessKey, CreateAccessKey, CreatedAccessKey } from './access-keys.ts'
export { type Admin, AdminKey, Role } from './admin-keys.ts'
export {
  type Call,
  type Caller,
  CallFailure,
  type CallOutcome,
  type CallStage,
  type Content,
  type FailureKind,
} from './calls.ts'
export type {
  Catalog,
  CatalogCredential,
  CatalogServer,
  CatalogTool,
  CatalogUpstream,
  OpenSecret,
  SealedSecret,
  ServerMode,
  ToolAnnotations,
} from './catalog.ts'
export type { ClientProfile, SchemaProfile } from './client-profiles.ts'
export type { Coverage, Diagnostic } from './diagnostics.ts'
export {
  type HeaderList,
  type HttpRequest,
  type HttpResponse,
  headerValue,
  type Send,
  type SendLimits,
} from './http.ts'
export {
  type ImportCommit,
  ImportCredential,
  ImportQuery,
  ImportReport,
  ImportRequest,
  type OperationChange,
  type ReadSpec,
  type StoredOperation,
} from './imports.ts'
export { LIMITS } from './limits.ts'
export type { Observation, Observe } from './observations.ts'
export type { DerivedOperation, OperationDefinition } from './operation-definitions.ts'
export type {
  BodyBinding,
  BodyContent,
  BodyKind,
  JsonSchema,
  Operation,
  OperationResponse,
  ParameterBinding,
  ParameterPlace,
  ParameterStyle,
  PartEncoding,
  QuerystringBinding,
  SecurityRequirement,
  SecurityScheme,
} from './operations.ts'
export { List, Slug, Timestamp } from './pages.ts'
export {
  PROBLEMS,
  Problem,
  type ProblemCode,
  type ProblemDocument,
  type ProblemError,
  problemDocument,
} from './problems.ts'
export { Server, ServerCall } from './servers.ts'
export { Tool, UpdateTool } from './tools.ts'
