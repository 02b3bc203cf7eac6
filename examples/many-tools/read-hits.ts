/** A tool as a search shows it. */
export interface Hit {
  readonly name: string
  /** `GET /orders/{id}` */
  readonly route: string
  /** All that is known of it without asking: its signature has no gaps. */
  readonly isWhole: boolean
}

/** What a model reads out of the answer of `search_tools`: a line with the signature, and a second one with the route. */
export function readHits(text: string): Hit[] {
  const lines = text.split('\n')
  return lines.flatMap((about, at) => {
    const route = /^ {2}([A-Z]+ \S+) – /.exec(about)?.[1]
    const signature = lines[at - 1]
    if (route === undefined || signature === undefined) return []
    const [name] = signature.split('(') as [string]
    return [{ name, route, isWhole: signature !== name && !signature.includes('…') }]
  })
}
