export type { CodeReply } from './code-calls.ts'
export type { InterceptPoint } from './compile-interceptor.ts'
export {
  createSandbox,
  type FilterLimits,
  SANDBOX_DEFAULTS,
  type Sandbox,
  type SandboxOptions,
} from './create-sandbox.ts'
export { describeFilter } from './describe-filter.ts'
export { FilterSyntaxError } from './filter-syntax-error.ts'
export type { Intercept, Intercepted, InterceptLimits, Interceptor } from './intercept.ts'
export { type FailedRun, InterceptorFailure } from './interceptor-failure.ts'
export { InterceptorSyntaxError } from './interceptor-syntax-error.ts'
export type { CodeRun, RanCode, RunCode } from './run-code.ts'
