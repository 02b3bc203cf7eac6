import type { Endpoint } from '../support/mcp-clients.ts'

/** A client that somebody else wrote, as it is tried here. */
export interface Client {
  /** Whose version counts. */
  readonly package: string
  /** Whether it lies in a folder of its own, `install/<name>`, and not among the dependencies of the repository. */
  readonly isApart: boolean
  /** What the model, or the program that uses the client, knows a tool of the server `bookshop` by. */
  readonly toolName: (tool: string) => string
  /** In what form a result reaches the model, or the program. */
  readonly results: string
  /** Lists the tools, and makes the calls of the task. Runs in a process of its own. */
  run(target: Target): Promise<Seen>
}

/** What a client is pointed at; it runs in an empty folder, with a HOME of its own. */
export interface Target extends Endpoint {
  /** Where its package is installed. */
  readonly install: string
  /** What `sluice connect` prints for it, if anything. */
  readonly snippet: string | undefined
}

/** What came out at the client's other side. */
export interface Seen {
  /** The names of the tools. */
  readonly tools: readonly string[]
  /** The text of the result of each call. */
  readonly results: Readonly<Record<keyof typeof TASK, string>>
}

/** A call by the tool's own name. */
export interface TaskCall {
  readonly tool: string
  readonly arguments: Readonly<Record<string, string | number>>
}

/** What every client does after it listed the tools. */
export const TASK = {
  /** Its answer is text. */
  read: { tool: 'get_book', arguments: { book_id: 7 } },
  /** Its answer is a value, too. */
  search: { tool: 'search_books', arguments: { author: 'Octavia E. Butler', page_size: 1 } },
  /** It fails. */
  miss: { tool: 'get_book', arguments: { book_id: 9999 } },
} as const satisfies Record<string, TaskCall>

/** The task by `call`; `fail` makes the call that fails, where a client tells of that in another way. */
export async function doTask(
  call: (call: TaskCall) => Promise<string>,
  fail: (call: TaskCall) => Promise<string> = call,
): Promise<Seen['results']> {
  return { read: await call(TASK.read), search: await call(TASK.search), miss: await fail(TASK.miss) }
}
