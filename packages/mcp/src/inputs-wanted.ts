/** What a client can be asked for while it waits for an answer. */
export interface Askable {
  readonly elicitation: ReadonlyArray<'form' | 'url'>
  readonly sampling: boolean
  readonly roots: boolean
}

/** One thing that a client is asked for; `params` as MCP has them for the method. */
export interface InputRequest {
  readonly method: 'elicitation/create' | 'sampling/createMessage' | 'roots/list'
  readonly params: Readonly<Record<string, unknown>>
}

/** A request is answered once its client has given these. */
export interface InputsWanted {
  readonly wanted: Readonly<Record<string, InputRequest>>
  /** JSON that comes back with what is given; the client does not see it. */
  readonly state?: unknown
}

/** What a client gave for what it was asked. */
export interface GivenInputs {
  /** By the keys of the asking. They are the client's words: nothing of them is checked. Empty where nothing was asked yet. */
  readonly inputs: Readonly<Record<string, unknown>>
  readonly state?: unknown
}

export function isWanted(answer: object | undefined): answer is InputsWanted {
  return answer !== undefined && 'wanted' in answer
}
