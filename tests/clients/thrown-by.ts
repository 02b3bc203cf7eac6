/** What a call that fails throws, as text. @throws where it does not fail */
export function thrownBy(call: Promise<unknown>): Promise<string> {
  return call.then(
    (answer) => Promise.reject(new Error(`a failed call was taken for an answer: ${JSON.stringify(answer)}`)),
    (error: Error) => error.message,
  )
}
