export {
  createSandbox,
  type FilterLimits,
  SANDBOX_DEFAULTS,
  type Sandbox,
  type SandboxOptions,
} from './create-sandbox.ts'
export { FilterSyntaxError } from './filter-syntax-error.ts'
