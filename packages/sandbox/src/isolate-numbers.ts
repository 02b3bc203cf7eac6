/**
 * What reads numbers that a double cannot hold, inside the isolate (see `isolateRuntime`): integers become BigInt, others a
 * Number object that calculates with the rounded value and is written as it was read. Both keep their digits in any JSON
 * that the script itself writes, too.
 */
export function exactReviver(): (key: string, value: unknown, context?: { source?: string }) => unknown {
  const { rawJSON } = JSON as unknown as { rawJSON(text: string): unknown }

  class LongNumber extends Number {
    readonly #source: string

    constructor(source: string) {
      super(source)
      this.#source = source
    }

    toJSON(): unknown {
      return rawJSON(this.#source)
    }
  }

  Object.defineProperty(BigInt.prototype, 'toJSON', {
    value(this: bigint) {
      return rawJSON(`${this}`)
    },
    writable: true,
    configurable: true,
  })

  /** The digits that carry the value, without sign, point, exponent and outer zeros. */
  const significant = (number: string): string =>
    number
      .replace(/[eE].*/, '')
      .replace(/[-.]/g, '')
      .replace(/^0+|0+$/g, '')

  return (_key, value, context) => {
    const source = context?.source
    if (typeof value !== 'number' || source === undefined) return value
    // Past the longest text of a double, zeros alone could make a number exact.
    if (source.length <= 25 && significant(source) === significant(`${value}`)) return value
    return /^-?\d{1,1000}$/.test(source) ? BigInt(source) : new LongNumber(source)
  }
}

/** Whether there may be a number that a double cannot hold: sixteen digits, or an exponent that may be out of range. */
export function losesDigits(text: string): boolean {
  return /\d[\d.]{15}|[eE][+-]?\d{3}/.test(text)
}
