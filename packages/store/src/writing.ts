import type { Once } from './create-once.ts'

/** Who writes, and in which workspace. */
export interface Writing {
  readonly workspaceId: string
  /** For the audit trail: an AdminKey's id. */
  readonly actor: string
}

export interface Creating extends Writing {
  readonly once?: Once | undefined
}

/** A change of what is there. */
export interface Changing<T> extends Writing {
  /** Sees the thing as it is, in the transaction of the change; what it throws undoes nothing, since nothing is done yet. */
  readonly check?: ((current: T) => void) | undefined
}
