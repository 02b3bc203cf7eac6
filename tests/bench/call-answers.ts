/** How large an answer of the API is: about 1 kB, or 100. */
export type AnswerSize = 'small' | 'large'

/** The text of an answer. Its lists are no tables, so that it is passed on as it is. */
export function answerOf(size: AnswerSize): string {
  const count = size === 'small' ? 12 : 1_200
  const item = (n: number) => ({
    id: n,
    name: `A name of some length ${n}`,
    state: 'open',
    ...(n % 2 ? { price: 12.5 } : {}),
  })
  return JSON.stringify({ id: 7, items: Array.from({ length: count }, (_, n) => item(n)) })
}
