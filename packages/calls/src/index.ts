export { partsIn } from './apply-credential.ts'
export { type CallDeps, callTool } from './call-tool.ts'
export { createTokens, type RenewSecret, type Tokens } from './create-tokens.ts'
export { type FilterProposal, proposeFilter } from './propose-filter.ts'
