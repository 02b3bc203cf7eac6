export { type ChosenMode, chooseMode, type ListSize } from './choose-mode.ts'
export { type DescribeRequest, describeTools, unknownTool } from './describe-tools.ts'
export type { Pause } from './index-tools.ts'
export { inventoryOf } from './inventory.ts'
export { CALL_TOOL, codeTool, DESCRIBE_TOOL, PAGE, searchTool } from './meta-tools.ts'
export { signatureOf } from './signature.ts'
export { type CallWord, tellFound } from './tell-found.ts'
export {
  createToolFinder,
  type FoundTools,
  type SearchRequest,
  type ToolFilter,
  type ToolFinder,
} from './tool-finder.ts'
export { type FindableTool, type ToolWords, wordsOfTool } from './tool-words.ts'
