import { Readable } from 'node:stream'

/** Values as server-sent events of one name (WHATWG HTML 9.2); `undefined` only says that the stream goes on. */
export async function eventStream(name: string, values: AsyncIterable<object | undefined>): Promise<Readable> {
  const each = values[Symbol.asyncIterator]()
  // What cannot begin is refused while the status is still open.
  const first = await each.next()
  return Readable.from(textsOf(name, first, each))
}

async function* textsOf(
  name: string,
  first: IteratorResult<object | undefined>,
  each: AsyncIterator<object | undefined>,
): AsyncGenerator<string> {
  try {
    for (let next = first; !next.done; next = await each.next())
      yield next.value === undefined ? ':\n\n' : `event: ${name}\ndata: ${JSON.stringify(next.value)}\n\n`
  } finally {
    await each.return?.()
  }
}
