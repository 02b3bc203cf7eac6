export { createAccessKey, listAccessKeys, type NewAccessKey, revokeAccessKey } from './access-keys.ts'
export { countAdminKeys, createAdminKey, findAdminKey } from './admin-keys.ts'
export { type CatalogRows, type CatalogToolRow, readCatalogRows } from './catalogs.ts'
export { createSealer, type Seal, type Sealer, type SealingKey, sealingKey } from './create-sealer.ts'
export { type Directory, type DirectoryKey, readDirectory, readRevisions, type ServerRevision } from './directory.ts'
export {
  type CommittedImport,
  commitImport,
  readStoredOperations,
  type StoredImport,
  type StoredUpstream,
} from './imports.ts'
export { hashKey } from './keys.ts'
export { DataFolderInUse } from './lock-folder.ts'
export { makeSnapshot } from './make-snapshot.ts'
export { openStore, type Store, type StoreOptions } from './open-store.ts'
export { readSealingKeyIds } from './sealing-keys.ts'
export { findServer, listServers, type StoredServer } from './servers.ts'
export { listTools, updateTool } from './tools.ts'
export { ensureDefaultWorkspace, type Workspace } from './workspaces.ts'
