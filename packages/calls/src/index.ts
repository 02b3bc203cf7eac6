export { type CallDeps, callTool } from './call-tool.ts'
