export { AccessKey, CreateAccessKey, CreatedAccessKey, UpdateAccessKey } from './access-keys.ts'
export {
  type Admin,
  AdminKey,
  type AdminRole,
  CreateAdminKey,
  CreatedAdminKey,
  Role,
  UpdateAdminKey,
} from './admin-keys.ts'
export { AuditEvent, type AuditFault, AuditVerification, VerificationQuery } from './audit-events.ts'
export {
  ApplyBundle,
  ApplyQuery,
  ApplyReport,
  BUNDLE_OFFERS,
  Bundle,
  BundleChange,
  BundleFile,
  BundleHead,
  BundleIssuer,
  BundleIssuers,
  BundleQuery,
  BundleRule,
  BundleSecrets,
  BundleServer,
  BundleTool,
  BundleTools,
  BundleUpstream,
} from './bundles.ts'
export { CallLimits } from './call-limits.ts'
export { CALL_GROUPS, CallFigures, type CallGroup, CallStats, CallStatsQuery } from './call-stats.ts'
export { CallSteps, DETECTORS, Redaction } from './call-steps.ts'
export {
  type AnswerValue,
  type Call,
  type Caller,
  CallFailure,
  type CallOutcome,
  type CallStage,
  type Content,
  type ScopeOffer,
  type StructuredAnswer,
  type Subject,
  type ToolRights,
} from './calls.ts'
export { abortSignalOf, type Cancel, type CancelSignal, createCancel } from './cancel.ts'
export type {
  BoundSecret,
  Catalog,
  CatalogComposite,
  CatalogCredential,
  CatalogPrompt,
  CatalogResource,
  CatalogServer,
  CatalogTool,
  CatalogUpstream,
  CodeCalls,
  FixedArgument,
  ListedResource,
  ListedTool,
  OpenSecret,
  SealedSecret,
  ServerMode,
  ServerModeSetting,
  TokenSecret,
  ToolAnnotations,
} from './catalog.ts'
export { OWN_TOOL_NAMES } from './catalog.ts'
export { ChangeNote, HoldPolicy, RISKS } from './change-notes.ts'
export {
  type AskedProfile,
  type ClientProfile,
  PARAM_HEADER,
  SCHEMA_PROFILES,
  type SchemaProfile,
} from './client-profiles.ts'
export { ClientSnippet, PLACEHOLDERS } from './client-snippets.ts'
export {
  Composite,
  CompositeTest,
  CompositeTestReport,
  type CompositeTestResult,
  SetComposite,
} from './composites.ts'
export {
  Credential,
  CredentialPlacement,
  CredentialTest,
  SetCredential,
  TestCredential,
  TokenGrant,
} from './credentials.ts'
export type { Coverage, Diagnostic } from './diagnostics.ts'
export type { FailureKind } from './failure-kinds.ts'
export {
  type HeaderList,
  type HttpRequest,
  type HttpResponse,
  headerValue,
  isCookieValue,
  isPlainCookieValue,
  isReservedHeader,
  mayForward,
  type Send,
  type SendLimits,
} from './http.ts'
export {
  CoverageCounts,
  DiagnosticItem,
  EnableRule,
  type ImportCommit,
  ImportCredential,
  ImportQuery,
  ImportReport,
  ImportRequest,
  type OperationChange,
  type ReadSpec,
  type StoredOperation,
} from './imports.ts'
export { Installation, RotatedKeys } from './installation.ts'
export { CreateIssuer, Issuer, IssuerRule, SIGNATURE_ALGORITHMS, UpdateIssuer } from './issuers.ts'
export { LIMITS } from './limits.ts'
export type { FinishedCall, Observation, Observe } from './observations.ts'
export type { DerivedOperation, OperationDefinition } from './operation-definitions.ts'
export { OperationRecord, OperationVersion, OperationVersionDetail } from './operation-versions.ts'
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
  XmlShape,
} from './operations.ts'
export { canPresent } from './operations.ts'
export { Flag, Id, Name, Nullable, Page, type PageOf, PageQuery, type PageRequest, Slug, Timestamp } from './pages.ts'
export { plainName } from './plain-name.ts'
export type { PreparedOperation } from './prepared-operations.ts'
export {
  PROBLEMS,
  Problem,
  type ProblemCode,
  type ProblemDocument,
  type ProblemError,
  problemDocument,
} from './problems.ts'
export {
  ChoosePromptVersion,
  Prompt,
  PromptArgument,
  type PromptContent,
  PromptDetail,
  PromptMessage,
  PromptVersion,
  PromptVersionDetail,
  SetPrompt,
} from './prompts.ts'
export {
  boundsOf,
  CALL_ENDS,
  CALL_NUMBERS,
  CALL_ROADS,
  CallContent,
  type CallEnd,
  CallFilter,
  type CallNumber,
  CallPage,
  type CallRoad,
  CallTokens,
  KeepCall,
  type KeptContent,
  RecordedCall,
  TailCalls,
  TIMED_STAGES,
  type TimedStage,
} from './recorded-calls.ts'
export { OfferName, Resource, ResourceDetail, SetResource, type StoredContent } from './resources.ts'
export { GivenAnswer, Sample, SampleDetail, SetSample } from './samples.ts'
export { CreateSecret, Secret, UpdateSecret } from './secrets.ts'
export {
  AddServerTools,
  CreateServer,
  Server,
  ServerCall,
  ServerCallOutcome,
  ServerTool,
  UpdateServer,
  UpdateServerTool,
} from './servers.ts'
export { SpecRevision, SpecRevisionDetail } from './spec-revisions.ts'
export { type StreamKind, streamKind } from './stream-kind.ts'
export { takingTurns, wholeTurn } from './taking-turns.ts'
export { together } from './together.ts'
export { CACHE_USES, CACHEABLE_METHODS, type CacheUse, ToolCache } from './tool-cache.ts'
export {
  AgreedChanges,
  AgreedVersion,
  ArgumentEdit,
  type ArgumentEdits,
  CreateTool,
  ManualOperation,
  type ManualSource,
  ProjectionOffer,
  ProposedFilter,
  ProposeFilter,
  Tool,
  ToolChoice,
  ToolDetail,
  ToolFilter,
  ToolHints,
  ToolName,
  ToolResource,
  TriedTool,
  TryTool,
  UpdatedTools,
  UpdateTool,
  UpdateTools,
} from './tools.ts'
export {
  CreateUpstream,
  EgressAllowances,
  RefreshedUpstream,
  UpdateUpstream,
  Upstream,
  UpstreamPolicy,
  UpstreamTest,
} from './upstreams.ts'
export { CreatedWorkspace, CreateWorkspace, UpdateWorkspace, Workspace } from './workspaces.ts'
