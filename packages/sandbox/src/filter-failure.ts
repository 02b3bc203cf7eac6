/** A filter that could not be applied. The message completes the sentence "The response filter …". */
export class FilterFailure extends Error {
  override readonly name = 'FilterFailure'
}
