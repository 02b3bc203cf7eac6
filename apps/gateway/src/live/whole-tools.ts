import type { CatalogTool } from '@sluice/contract'

/** Keeps tools whole that were used last, as far as there is room; others are made whole again when they are wanted. */
export interface WholeTools {
  /** Keeps a tool that was just made, for the one that stands for it; others make room. */
  keep(lean: Lean): void
  /** Whether it can be kept as well as all others. */
  hasRoom(bytes: number): boolean
}

/** `mostBytes`: of what they are made of, packed; whole they take some thirty times as much. */
export function createWholeTools(mostBytes: number): WholeTools {
  let waiting: Lean[] = []
  let next = 0
  let bytes = 0

  /** One that was used since it last stood here is let by once more. */
  function letGo(): void {
    const oldest = waiting[next++]!
    if (oldest.isUsed) {
      oldest.isUsed = false
      waiting.push(oldest)
    } else {
      oldest.whole = undefined
      bytes -= oldest.bytes
    }
    if (next < waiting.length / 2) return
    waiting = waiting.slice(next)
    next = 0
  }

  return {
    hasRoom: (more) => bytes + more <= mostBytes,
    keep: (lean) => {
      waiting.push(lean)
      bytes += lean.bytes
      while (bytes > mostBytes && waiting.length - next > 1) letGo()
    },
  }
}

/** What a tool that is not always whole is made of. */
export class Lean {
  readonly make: () => CatalogTool
  /** Bytes of what it is made of, packed. */
  readonly bytes: number
  whole: CatalogTool | undefined
  /** Since it was last thought of as one to let go. */
  isUsed = true
  readonly #tools: WholeTools

  constructor(whole: CatalogTool, make: () => CatalogTool, bytes: number, tools: WholeTools) {
    this.make = make
    this.bytes = bytes
    this.#tools = tools
    if (!tools.hasRoom(bytes)) return
    this.whole = whole
    tools.keep(this)
  }

  open(): CatalogTool {
    this.isUsed = true
    if (this.whole) return this.whole
    const whole = this.make()
    this.whole = whole
    this.#tools.keep(this)
    return whole
  }
}
