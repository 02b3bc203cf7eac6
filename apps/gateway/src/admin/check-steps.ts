import type { CallSteps } from '@sluice/contract'
import type { AdminDeps } from './deps.ts'

/** Refuses a filter or a script that cannot be read, before it is stored. @throws Problem `invalid-request` with its place */
export function checkSteps(
  { responseFilter, steps }: { readonly responseFilter?: string | null; readonly steps?: CallSteps },
  { checkFilter, checkInterceptor }: Pick<AdminDeps, 'checkFilter' | 'checkInterceptor'>,
): void {
  if (responseFilter) checkFilter(responseFilter)
  if (steps?.requestInterceptor) checkInterceptor(steps.requestInterceptor, 'request')
  if (steps?.responseInterceptor) checkInterceptor(steps.responseInterceptor, 'response')
}
