/** An expression that is not JMESPath. The message is public. */
export class FilterSyntaxError extends Error {
  /** Where the fault is: the first character is 1; one past the last where something is missing at the end. */
  readonly position: number

  constructor(message: string, position: number) {
    super(`${message} at position ${position}`)
    this.name = 'FilterSyntaxError'
    this.position = position
  }
}
