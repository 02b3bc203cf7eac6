export { type AllowList, parseAllowList } from './allow-list.ts'
export { createEgress, EGRESS_DEFAULTS, type Egress, type EgressOptions } from './create-egress.ts'
export type { Lookup } from './guarded-lookup.ts'
export { isNeverCalled } from './is-never-called.ts'
