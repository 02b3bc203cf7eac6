export {
  createAccessKey,
  findAccessKey,
  listAccessKeys,
  type NewAccessKey,
  recordKeyUse,
  revokeAccessKey,
  updateAccessKey,
} from './access-keys.ts'
export {
  countAdminKeys,
  createAdminKey,
  findAdminKey,
  listAdminKeys,
  readAdminKey,
  revokeAdminKey,
  updateAdminKey,
} from './admin-keys.ts'
export { type AgreedTools, agreeToChanges } from './agree-to-changes.ts'
export { type AuditFilter, listAuditEvents } from './audit-events.ts'
export { type CountedCalls, countCalls } from './call-stats.ts'
export { readCatalogUpstream } from './catalog-upstreams.ts'
export {
  type CatalogOutline,
  type CatalogRows,
  type CatalogToolOutline,
  type CatalogToolRow,
  readCatalogOutline,
  readCatalogTool,
  readDefinitions,
} from './catalogs.ts'
export { deleteComposite, findComposite, listComposites, setComposite } from './composites.ts'
export {
  findContinuation,
  forgetOldest,
  type HandledText,
  keepContinuation,
  MOST_OF_A_CALLER,
  newHandle,
  sweepContinuations,
  takeContinuation,
  writeContinuation,
} from './continuations.ts'
export { findCreated, type Once } from './create-once.ts'
export { createSealer, type Keyring, type Seal, type Sealer, type SealingKeys, sealingKey } from './create-sealer.ts'
export { createTool, deleteTool, type NewTool, replaceManual, type ToolSource } from './create-tool.ts'
export {
  deleteCredential,
  findCredential,
  listCredentials,
  type SharedCredential,
  type StoredCredential,
  setCredential,
} from './credentials.ts'
export {
  type Directory,
  type DirectoryIssuer,
  type DirectoryKey,
  readDirectory,
  readRevisions,
  type ServerRevision,
} from './directory.ts'
export { documentForm } from './document-form.ts'
export { nameFetchHeaders, readFetchHeaders } from './fetch-headers.ts'
export {
  type CommittedImport,
  commitImportOnce,
  commitRefresh,
  readServedDefinitions,
} from './imports.ts'
export { inTransaction } from './in-transaction.ts'
export { listInstallationEvents, recordCopy } from './installation-events.ts'
export { createIssuer, deleteIssuer, findIssuer, listIssuers, updateIssuer } from './issuers.ts'
export { hashKey } from './keys.ts'
export { recordLargeAnswer } from './large-answers.ts'
export { DataFolderInUse } from './lock-folder.ts'
export { makeSnapshot } from './make-snapshot.ts'
export { newId } from './new-id.ts'
export { openStore, type Store, type StoreOptions } from './open-store.ts'
export {
  findOperation,
  findOperationVersion,
  hasMethod,
  listOperations,
  listOperationVersions,
  type OperationFilter,
} from './operations.ts'
export { choosePromptVersion, findPromptVersion, listPromptVersions } from './prompt-versions.ts'
export { deletePrompt, findPrompt, listPrompts, setPrompt } from './prompts.ts'
export { type Lease, leaseCalls, type WantedLease } from './rate-windows.ts'
export { readDatabaseState } from './read-database-state.ts'
export { readWorkspace, type WorkspaceRows } from './read-workspace.ts'
export {
  type Drop,
  findCallContent,
  findRecordedCall,
  findWrittenPlace,
  listRecordedCalls,
  readWrittenBehind,
  readWrittenCalls,
  recordCalls,
  type WrittenCall,
  type WrittenPlace,
} from './recorded-calls.ts'
export { claimDueRefreshes, type DueRefresh, REFRESHER, recordRefresh } from './refreshes.ts'
export { renewSecret } from './renew-secret.ts'
export { resealAll } from './reseal-all.ts'
export { deleteResource, findResource, listResources, setResource } from './resources.ts'
export { restoreDatabase } from './restore-database.ts'
export { deleteSample, findSample, listSampledTools, listSamples, readSamples, setSample } from './samples.ts'
export { readSealingKeyIds, recordKeyRotation, settleWrites } from './sealing-keys.ts'
export { createSecret, deleteSecret, findSecret, listSecrets, updateSecret } from './secrets.ts'
export type { CatalogCompositeRow, CatalogResourceRow, OfferPlace } from './server-offers.ts'
export {
  addServerTools,
  findServerTool,
  listServerTools,
  readNamesOnServer,
  removeServerTool,
  updateServerTool,
} from './server-tools.ts'
export { createServer, deleteServer, findServer, listServers, type StoredServer, updateServer } from './servers.ts'
export { findSpecRevision, listSpecRevisions, readSpecDocument } from './spec-revisions.ts'
export { readStoredOperations, type StoredImport, type StoredUpstream } from './stored-operations.ts'
export { type CallRetention, sweepCalls } from './sweep-calls.ts'
export { findTool, listTools, type StoredTool, type ToolChange, updateTool } from './tools.ts'
export { updateTools } from './update-tools.ts'
export {
  createUpstream,
  deleteUpstream,
  findNamedUpstream,
  findUpstream,
  listUpstreams,
  setEgressAllowances,
  updateUpstream,
} from './upstreams.ts'
export { verifyAuditChain } from './verify-audit-chain.ts'
export {
  createWorkspace,
  DEFAULT_WORKSPACE_ID,
  deleteWorkspace,
  ensureDefaultWorkspace,
  findWorkspace,
  listWorkspaces,
  updateWorkspace,
} from './workspaces.ts'
export type { Changing, Creating, Writing } from './writing.ts'
